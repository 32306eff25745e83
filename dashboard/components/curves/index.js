// Curves of one run. Called again with new numbers or another theme, always with the same node: Plotly.react draws what
// changed, and zoom, hidden lines and the rest of the looks are kept here, per browser and per group of curves.

import { nearest } from "../shared/search.js";
import { Head, LOOK } from "./head.js";
import { frameOf, Marks, placeLine } from "./marks.js";
import { clockOf, layoutOf, loadPlotly, themeOf, tracesOf } from "./plot.js";

const KEPT = "gan-studio.curves";
const NARROW_PIXELS = 340; // below which a reference line carries its short word
const HEAD_PIXELS = 104; // tabs, tools and legend above the plot
const SETTLE_MILLISECONDS = 250; // after a change of the zoom
const ANSWER_MILLISECONDS = 4000; // after which an answer counts as lost
const ZOOM_STEP = 1.5;
const HARDLY_MOVED = 0.25; // of its width: how far a window may follow the run before its part is asked for anew

function remembered() {
  try {
    return { group: null, kinds: {}, looks: {}, ...JSON.parse(localStorage.getItem(KEPT)) };
  } catch {
    return { group: null, kinds: {}, looks: {} };
  }
}

class Curves extends Head {
  constructor(root) {
    super();
    this.root = root;
    for (const part of [
      "tabs",
      "tools",
      "lines",
      "where",
      "stage",
      "cursor",
      "film",
      "marks",
      "tip",
      "reset",
      "message",
    ]) {
      this[part] = root.querySelector(`.curves-${part}`);
    }
    this.chart = root.querySelector(".curves");
    this.panel = root.querySelector("[role=tabpanel]");
    this.strip = new Marks(this.marks, this.tip);
    this.kept = remembered();
    this.zoom = { run: null, x: null, y: {} };
    this.asked = { number: 0, at: 0, wish: "" };
    this.pointed = null; // images seen under the cursor
    this.filmStands = null; // {run, images_seen}
    this.buildTools();
    this.listen();
  }

  // what the server says

  update(data, setStateValue) {
    this.data = { ...data, plotHeight: data.height - HEAD_PIXELS };
    this.setStateValue = setStateValue;
    this.asked.number = Math.max(this.asked.number, data.answer);
    if (this.zoom.run !== data.run) {
      this.zoom = { run: data.run, x: null, y: {} };
      this.point(null);
    }
    this.kept.group ??= data.group;
    this.asked.wish ||= JSON.stringify({ group: data.group, run: "", start: null, stop: null });
    if (!this.kinds().includes(this.kept.group)) this.kept.group = data.group;
    this.chart.setAttribute("aria-label", data.description);
    this.message.textContent = data.message;
    this.message.hidden = !data.message;
    this.draw();
    this.ask();
  }

  kinds() {
    return this.data.tabs.flatMap((tab) => tab.kinds.map((kind) => kind.key));
  }

  // how it is drawn

  get look() {
    return { ...LOOK, ...this.kept.looks[this.data.group] };
  }

  change(look) {
    this.kept.looks[this.data.group] = { ...this.look, ...look };
    this.remember();
    this.draw();
    this.wait();
  }

  remember() {
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.kept));
    } catch {
      // a browser that keeps nothing: the looks last as long as the page
    }
  }

  // the part of the run that is looked at, in images: the zoom, or a window that follows the newest step; null for all
  get seen() {
    const { images_seen: images } = this.data;
    if (this.zoom.x || this.look.window === 1 || images.length < 2) return this.zoom.x;
    const [first, last] = [this.clock.to(0), this.clock.to(images.at(-1))];
    return [this.clock.from(last - (last - first) * this.look.window), images.at(-1)];
  }

  draw() {
    this.theme = themeOf(this.chart);
    this.paintTabs();
    this.paintTools();
    this.paintLines();
    if (this.held) return; // Plotly must not draw anew under a finger that drags
    loadPlotly().then(
      (Plotly) => this.react(Plotly),
      (error) => {
        this.message.textContent = `The chart cannot be drawn: plotly.min.js did not load (${error.message}). Restart the server, then reload the page.`;
        this.message.hidden = false;
      },
    );
  }

  react(Plotly) {
    const { theme } = this;
    const zoom = { x: this.seen, y: this.zoom.y[this.data.group] ?? null };
    const narrow = this.root.clientWidth < NARROW_PIXELS;
    const layout = layoutOf(this.data, this.look, this.clock, theme, zoom, narrow);
    const config = { displayModeBar: false, responsive: true, doubleClick: "autosize" };
    Plotly.react(this.chart, tracesOf(this.data, this.look, this.clock, theme), layout, config);
    if (this.bound) return this.place();
    this.bound = true;
    this.chart.on("plotly_relayout", (change) => this.zoomed(change));
    this.chart.on("plotly_afterplot", () => this.place());
    return this.place();
  }

  get clock() {
    return clockOf(this.look.unit, this.data);
  }

  place() {
    const frame = frameOf(this.chart);
    const on = (images) => (images === null ? null : this.clock.to(images));
    placeLine(this.cursor, frame, on(this.pointed));
    placeLine(this.film, frame, this.filmStands?.run === this.data.run ? on(this.filmStands.images_seen) : null);
    this.strip.place(this.data.message ? [] : this.data.events, frame, this.clock);
  }

  // zoom

  zoomed(change) {
    const read = (axis) =>
      `${axis}.range[0]` in change ? [change[`${axis}.range[0]`], change[`${axis}.range[1]`]] : change[`${axis}.range`];
    const [x, y] = [read("xaxis"), read("yaxis")];
    const reset = change["xaxis.autorange"] || change["yaxis.autorange"];
    if (!x && !y && !reset) return;
    if (change["xaxis.autorange"]) this.zoom.x = null;
    if (change["yaxis.autorange"]) delete this.zoom.y[this.data.group];
    if (x) this.zoom.x = x.map(this.clock.from);
    if (y) this.zoom.y[this.data.group] = [...y];
    if (reset) this.draw();
    this.paintTools();
    this.wait();
  }

  unzoom() {
    this.zoom.x = null;
    this.zoom.y = {};
    this.draw();
    this.wait();
  }

  zoomBy(factor) {
    const frame = frameOf(this.chart);
    if (!frame) return;
    const middle = this.pointed === null ? (frame.range[0] + frame.range[1]) / 2 : this.clock.to(this.pointed);
    this.zoom.x = frame.range.map((end) => this.clock.from(middle + (end - middle) / factor));
    this.draw();
    this.wait();
  }

  // what the server is asked for: another group, or the steps of the part that is looked at; one request at a time

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), SETTLE_MILLISECONDS);
  }

  ask() {
    const { data, asked } = this;
    const part = this.part();
    const wish = { group: this.kept.group, run: part.start === null ? "" : data.run, ...part };
    const wanted = JSON.stringify(wish);
    if (wanted === asked.wish && wish.group === data.group) return;
    if (asked.number > data.answer && Date.now() - asked.at < ANSWER_MILLISECONDS) {
      this.wait(); // until the answer has come
      return;
    }
    Object.assign(asked, { number: asked.number + 1, at: Date.now(), wish: wanted, part: wish });
    this.setStateValue("view", { number: asked.number, ...wish });
  }

  part() {
    const seen = this.data.coarse || this.asked.part?.start != null ? this.seen : null;
    if (!seen) return { start: null, stop: null };
    const [start, stop] = [Math.max(0, Math.floor(seen[0])), this.zoom.x ? Math.max(0, Math.ceil(seen[1])) : null];
    const before = this.asked.part;
    const hardly =
      before?.start != null &&
      before.run === this.data.run &&
      stop === null &&
      before.stop === null &&
      Math.abs(start - before.start) < HARDLY_MOVED * (seen[1] - seen[0]);
    return hardly ? { start: before.start, stop } : { start, stop };
  }

  // cursor, keys, and the film beside

  listen() {
    const { chart } = this;
    this.tabs.onkeydown = (press) => this.walkTabs(press);
    this.stage.onpointermove = (move) => this.pointAt(move.clientX);
    this.stage.onpointerleave = (move) => move.pointerType === "mouse" && this.point(null); // a finger always leaves
    chart.onkeydown = (press) => this.press(press);
    chart.onblur = () => this.point(null);
    chart.onpointerdown = (press) => {
      this.pointAt(press.clientX);
      this.held = true;
    };
    this.release = () => {
      if (!this.held) return;
      this.held = false;
      setTimeout(() => this.draw()); // after Plotly has heard of it
    };
    this.onFilm = (event) => {
      this.filmStands = event.detail;
      if (this.data) this.place();
    };
    window.addEventListener("pointerup", this.release);
    window.addEventListener("pointercancel", this.release);
    window.addEventListener("gan-studio:film", this.onFilm);
    this.sizes = new ResizeObserver(() => this.data && this.place());
    this.sizes.observe(chart);
  }

  leave() {
    clearTimeout(this.timer);
    window.removeEventListener("pointerup", this.release);
    window.removeEventListener("pointercancel", this.release);
    window.removeEventListener("gan-studio:film", this.onFilm);
    this.sizes.disconnect();
    this.point(null);
    window.Plotly?.purge(this.chart);
  }

  pointAt(clientX) {
    const frame = this.data && !this.held ? frameOf(this.chart) : null;
    if (!frame || !this.data.images_seen.length) return;
    const pixels = clientX - this.chart.getBoundingClientRect().left - frame.left;
    const inside = pixels >= 0 && pixels <= frame.width;
    this.point(
      inside ? this.data.images_seen[nearest(this.data.images_seen, this.clock.from(frame.value(pixels)))] : null,
    );
  }

  point(images) {
    if (images === this.pointed) return;
    this.pointed = images;
    window.dispatchEvent(new CustomEvent("gan-studio:cursor", { detail: { run: this.data.run, images_seen: images } }));
    this.paintLines();
    this.place();
  }

  press(press) {
    const images = this.data.images_seen;
    const at = this.pointed === null ? images.length - 1 : nearest(images, this.pointed);
    const step = press.shiftKey ? 10 : 1;
    const to = (index) => images.length && this.point(images[Math.min(images.length - 1, Math.max(0, index))]);
    const acts = {
      ArrowLeft: () => to(at - step),
      ArrowRight: () => to(at + step),
      Home: () => to(0),
      End: () => to(images.length - 1),
      "+": () => this.zoomBy(ZOOM_STEP),
      "=": () => this.zoomBy(ZOOM_STEP),
      "-": () => this.zoomBy(1 / ZOOM_STEP),
      0: () => this.unzoom(),
      Escape: () => this.point(null),
    };
    if (!(press.key in acts) || press.ctrlKey || press.metaKey || press.altKey) return;
    press.preventDefault();
    this.where.setAttribute("aria-live", "polite"); // read out what keys find, not what a mouse passes
    acts[press.key]();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".curves-panel");
  root.curves ??= new Curves(root);
  root.curves.update(data, setStateValue);
  return () => {
    if (root.isConnected) return; // a call that a quicker one overtook is cleaned up after, though the page stays
    root.curves?.leave();
    root.curves = undefined;
  };
}
