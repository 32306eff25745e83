// What Plotly draws: colours, the three clocks of the x axis, smoothing, traces and layout. Pure functions of the data,
// except the one that loads Plotly.

import { lastAtMost } from "../shared/search.js";
import { addressOf } from "../shared/server.js";
import { chartColours } from "../shared/theme.js";

const COLOURS_IF_THE_THEME_HAS_NONE = ["#b04a06", "#4343c8", "#0f6f67", "#a21c6b", "#475569"];
const TONES = ["discriminator", "generator", "real", "made", "plain"]; // in the order of the theme's chart colours
export const DASHES = { made: "5px 3px" }; // tells real and made apart without colour
const POINTS_ACROSS = 1000; // smoothing acts as on a curve of this many points
export const LARGEST_SMOOTHING = 0.99;
export const MINUTE = 60;
const HOUR = 3600;
const TEXT_PIXELS = 13;
const LARGE_TEXT_PIXELS = 22; // for a projector, where the smallest text has 20

export function loadPlotly() {
  const address = addressOf("app/static/plotly.min.js");
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

export function themeOf(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const listed = chartColours(element);
  const colours = listed.length >= TONES.length ? listed : COLOURS_IF_THE_THEME_HAS_NONE;
  return {
    text: read("--st-text-color"),
    background: read("--st-background-color"),
    border: read("--st-border-color"),
    font: read("--st-font"),
    tones: Object.fromEntries(TONES.map((tone, index) => [tone, colours[index]])),
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

// The clocks: images seen, epochs, seconds of training. `to` converts images to the unit, `from` converts back.

export function clockOf(unit, data) {
  const images = data.images_seen;
  if (unit === "epochs" && data.epoch_images) {
    return { title: "epochs", to: (x) => x / data.epoch_images, from: (x) => x * data.epoch_images };
  }
  if (unit === "time") {
    const total = data.seconds.at(-1) ?? 0;
    const [word, size] = total > 2 * HOUR ? ["hours", HOUR] : total > 3 * MINUTE ? ["minutes", MINUTE] : ["seconds", 1];
    return {
      title: `training time, ${word}`,
      to: (x) => between(images, data.seconds, x) / size,
      from: (x) => between(data.seconds, images, x * size),
    };
  }
  return { title: "images seen", to: (x) => x, from: (x) => x };
}

// The value at `x` of the line through (xs, ys), both ascending; beyond its ends it is extrapolated.
export function between(xs, ys, x) {
  if (xs.length < 2) return xs.length && xs[0] ? (x * ys[0]) / xs[0] : 0;
  const right = Math.min(xs.length - 1, Math.max(1, lastAtMost(xs, x) + 1));
  const outside = x < xs[0] || x > xs.at(-1);
  const [first, last] = outside ? [0, xs.length - 1] : [right - 1, right];
  const width = xs[last] - xs[first];
  return width ? ys[first] + ((x - xs[first]) * (ys[last] - ys[first])) / width : ys[first];
}

// An exponential average, corrected for the bias of its start. Its memory is a share of the width and not a number of
// points, so fine and coarse rows give the same curve. A gap stays a gap.
export function smoothed(images, values, smoothing) {
  const width = images.at(-1) - images[0];
  if (!smoothing || !(width > 0)) return values;
  let [sum, weight, last] = [0, 0, images[0]];
  return values.map((value, index) => {
    if (value === null) return null;
    const kept = smoothing ** Math.max(1e-9, ((images[index] - last) * POINTS_ACROSS) / width);
    [sum, weight, last] = [sum * kept + value * (1 - kept), weight * kept + (1 - kept), images[index]];
    return weight > 0 ? sum / weight : value;
  });
}

export function tracesOf(data, look, clock, theme) {
  const x = data.images_seen.map(clock.to);
  const smoothing = data.measured ? 0 : look.smoothing; // measured points are few, and each has its own uncertainty
  return data.lines.flatMap((line) => {
    const common = {
      x,
      mode: "lines",
      type: "scatter",
      hoverinfo: "skip",
      showlegend: false,
      connectgaps: false,
      visible: !look.hidden.includes(line.title),
    };
    const mean = smoothed(data.images_seen, line.mean, smoothing);
    return partsOf(line, theme.tones[line.tone], smoothing, mean).map((part) => ({ ...common, ...part }));
  });
}

// the traces of one line: the band between its low and high values, its values, and their running mean
function partsOf(line, colour, smoothing, mean) {
  const [band, alone] = [{ width: 0 }, { color: colour, width: 1 }];
  const fill = { fill: "tonexty", fillcolor: rgba(colour, smoothing ? 0.1 : 0.18) };
  const main = { color: colour, width: 2, dash: DASHES[line.tone] ?? "solid" };
  return [
    { y: line.low, uid: `${line.title} low`, line: band },
    { y: line.high, uid: `${line.title} high`, line: band, ...fill },
    { y: line.mean, uid: `${line.title} raw`, opacity: smoothing ? 0.28 : 0, line: alone },
    { y: mean, uid: line.title, name: line.title, line: main, mode: line.measured ? "lines+markers" : "lines" },
  ];
}

function referencesOf(data, theme, { narrow, text }) {
  return data.references.map((reference, index) => ({
    type: "line",
    layer: "above",
    xref: "paper",
    x0: 0,
    x1: 1,
    yref: "y",
    y0: reference.number,
    y1: reference.number,
    name: "reference",
    line: { color: theme.tones[reference.tone], width: 1, dash: "4px 4px" },
    label: {
      text: narrow ? reference.short : reference.text,
      textposition: "start",
      yanchor: index % 2 ? "top" : "bottom",
      padding: 3,
      font: { size: text - 2, color: theme.tones[reference.tone], family: theme.font },
    },
  }));
}

const ranged = (range) => (range ? { range: [...range], autorange: false } : { autorange: true });

function axisOf(data, theme, title, { standoff, text }) {
  return {
    title: { text: title, standoff, font: { size: text } },
    visible: !data.message,
    gridcolor: theme.border,
    linecolor: theme.border,
    zeroline: false,
    automargin: true,
    tickfont: { size: text - 1 },
    fixedrange: matchMedia("(pointer: coarse)").matches, // a finger scrolls the page
  };
}

function xAxisOf(data, clock, theme, zoom, text) {
  return {
    ...axisOf(data, theme, clock.title, { standoff: 8, text }),
    ...ranged(zoom.x ? zoom.x.map(clock.to) : null),
    rangemode: "tozero",
    ticks: "outside",
    ticklen: 14, // room for the marks
    tickcolor: "rgba(0,0,0,0)",
  };
}

function yAxisOf(data, look, theme, zoom, text) {
  const logarithmic = look.log && data.logarithmic;
  return {
    ...axisOf(data, theme, data.axis, { standoff: 10, text }),
    ...ranged(zoom.y ?? (logarithmic ? null : data.span)),
    ticks: "",
    type: logarithmic ? "log" : "linear",
  };
}

// `zoom` and `look` hold all that the visitor has set: Plotly itself keeps none of it (no uirevision).
export function layoutOf(data, look, clock, theme, zoom, { width, height, narrow, large }) {
  const text = large ? LARGE_TEXT_PIXELS : TEXT_PIXELS;
  return {
    width,
    height,
    margin: { l: 4 * text, r: 10, t: 8, b: 3 * text + 8 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, color: theme.text, size: text },
    hovermode: false,
    dragmode: "zoom",
    showlegend: false,
    shapes: referencesOf(data, theme, { narrow, text }),
    xaxis: xAxisOf(data, clock, theme, zoom, text),
    yaxis: yAxisOf(data, look, theme, zoom, text),
  };
}
