// Curves over images seen. Called again with new numbers or another theme, always with the same node: Plotly.react keeps
// the zoom and the hidden lines as long as `uirevision` (the run) stays the same.

const COLOURS_IF_THE_THEME_HAS_NONE = ["#b04a06", "#4343c8"];

function loadPlotly() {
  const address = new URL("app/static/plotly.min.js", document.baseURI).href;
  window.ganStudioPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error("no Plotly in it")));
    script.onerror = () => reject(new Error("not found"));
    document.head.append(script);
  }).catch((error) => {
    window.ganStudioPlotly = undefined; // so that the next refresh tries again
    throw error;
  });
  return window.ganStudioPlotly;
}

function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const colours = read("--st-chart-categorical-colors").split(/,(?![^(]*\))/).map((colour) => colour.trim());
  return {
    text: read("--st-text-color"),
    background: read("--st-background-color"),
    panel: read("--st-secondary-background-color"),
    border: read("--st-border-color"),
    font: read("--st-font"),
    colours: colours.length > 1 ? colours : COLOURS_IF_THE_THEME_HAS_NONE,
  };
}


function rgba(colour, share) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgba(${red},${green},${blue},${share})`;
}

function tracesOf(data, theme) {
  return data.lines.flatMap((line, index) => {
    const colour = theme.colours[index % theme.colours.length];
    const band = {
      x: data.images_seen, mode: "lines", line: { width: 0 }, hoverinfo: "skip",
      legendgroup: line.title, showlegend: false, connectgaps: false,
    };
    return [
      { ...band, y: line.low, uid: `${line.title} low` },
      { ...band, y: line.high, uid: `${line.title} high`, fill: "tonexty", fillcolor: rgba(colour, 0.18) },
      {
        x: data.images_seen, y: line.mean, uid: line.title, name: line.title, mode: "lines",
        line: { color: colour, width: 2 }, legendgroup: line.title, hovertemplate: "%{y:.4g}",
      },
    ];
  });
}

function layoutOf(data, theme) {
  const axis = {
    visible: !data.message,
    gridcolor: theme.border, linecolor: theme.border, zeroline: false, ticks: "", automargin: true,
    title: { standoff: 12 },
  };
  return {
    uirevision: data.run,
    height: data.height,
    margin: { l: 56, r: 12, t: 44, b: 48 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, color: theme.text, size: 13 },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 14 } },
    hovermode: "x unified",
    hoverlabel: { bgcolor: theme.panel, bordercolor: theme.border, font: { color: theme.text, family: theme.font } },
    xaxis: { ...axis, title: { ...axis.title, text: "images seen" }, hoverformat: ",d", rangemode: "tozero" },
    yaxis: { ...axis, title: { ...axis.title, text: "loss" } },
  };
}

const CONFIG = {
  displaylogo: false,
  responsive: true,
  displayModeBar: "hover",
  modeBarButtonsToRemove: ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d"],
};

export default function ({ data, parentElement }) {
  const chart = parentElement.querySelector(".curves");
  const message = parentElement.querySelector(".curves-message");
  const say = (text) => {
    message.textContent = text;
    message.hidden = !text;
  };
  chart.style.height = `${data.height}px`;
  chart.setAttribute("aria-label", data.description);
  say(data.message);
  loadPlotly().then(
    (Plotly) => {
      const theme = themeOf(chart);
      return Plotly.react(chart, tracesOf(data, theme), layoutOf(data, theme), CONFIG);
    },
    (error) =>
      say(`The chart cannot be drawn: plotly.min.js did not load (${error.message}). Restart the server, then reload the page.`),
  );
  return () => window.Plotly?.purge(chart);
}
