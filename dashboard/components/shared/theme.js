// The colours of Streamlit's theme.

/** The colours for the lines of a chart, from the custom property that Streamlit sets on every component. */
export function chartColours(element) {
  return listed(getComputedStyle(element).getPropertyValue("--st-chart-categorical-colors"));
}

/** The items of a list of CSS colours; a colour such as rgb(1, 2, 3) has commas of its own. */
export function listed(colours) {
  return colours
    .split(/,(?![^(]*\))/)
    .map((colour) => colour.trim())
    .filter(Boolean);
}
