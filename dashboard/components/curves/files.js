// The shown curves as files: a picture of the chart, and all values as CSV.

import { make, makeButton } from "../shared/dom.js";
import { addressOfRun } from "../shared/run_feed.js";
import { layoutOf, loadPlotly, tracesOf } from "./plot.js";

const PICTURE = { width: 1000, height: 600, narrow: false, large: false };
const PIXELS_OF_A_PNG = 2; // for each CSS pixel

export class Files {
  constructor(curves) {
    this.curves = curves;
    this.root = make("div", "curves-files");
    this.note = make("small");
    this.links = make("span");
    this.root.append(
      make("strong", "", "Save"),
      this.pictureButton("png"),
      this.pictureButton("svg"),
      this.links,
      this.note,
    );
  }

  pictureButton(format) {
    const button = makeButton("push", format.toUpperCase());
    button.title = `The chart as ${format.toUpperCase()}`;
    button.onclick = () => this.savePicture(format);
    return button;
  }

  /** Links to the values of the shown group and of all groups. */
  paint() {
    const { run, title, group, file_note: note } = this.curves.data;
    const link = (words, query) =>
      Object.assign(make("a", "", words), { href: addressOfRun(run, "curves.csv", query), download: "" });
    this.links.replaceChildren(link(`${title} (CSV)`, { group }), link("All curves (CSV)", {}));
    this.note.textContent = note;
  }

  async savePicture(format) {
    const { run, group } = this.curves.data;
    const Plotly = await loadPlotly();
    const address = await Plotly.toImage(this.figure(), {
      ...PICTURE,
      format,
      scale: format === "png" ? PIXELS_OF_A_PNG : 1,
    });
    const name = `${run}-${group}.${format}`;
    Object.assign(make("a"), { href: address, download: name }).click();
  }

  // the chart as it is shown, with a title, a legend and a background of its own
  figure() {
    const { data, look, clock, theme, seen, zoom } = this.curves;
    const shown = { x: seen, y: zoom.y[data.group] ?? null };
    const layout = layoutOf(data, look, clock, theme, shown, PICTURE);
    const traces = tracesOf(data, look, clock, theme).map((trace) => ({ ...trace, showlegend: Boolean(trace.name) }));
    const paper = { paper_bgcolor: theme.background, plot_bgcolor: theme.background };
    const title = { text: `${data.title}, run ${data.run}`, font: { size: 16 } };
    const legend = { orientation: "h", y: 1.02, yanchor: "bottom" };
    return {
      data: traces,
      layout: { ...layout, ...paper, title, legend, showlegend: true, margin: { ...layout.margin, t: 80 } },
    };
  }
}
