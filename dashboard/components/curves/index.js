// The curves of one run. `update` gets the data of the page; between these calls, new rows are fetched here. All is drawn
// on the same node: Plotly.react draws what changed. Zoom, hidden lines and other settings are kept here, per browser and
// per group of curves.

import { followed } from "../shared/run_feed.js";
import { nearest } from "../shared/search.js";
import { Files } from "./files.js";
import { Head, LOOK } from "./head.js";
import { CurveLoader } from "./loader.js";
import { frameOf, Marks, placeLine } from "./marks.js";
import { clockOf, layoutOf, loadPlotly, themeOf, tracesOf } from "./plot.js";
import { Throttle } from "./throttle.js";
import { described, linesOf } from "./values.js";

const KEPT = "gan-studio.curves";
// nodes of the class curves-<name>
const PARTS = "tabs tools gear help explained lines kinds where stage cursor marks tip reset message".split(" ");
const NARROW_PIXELS = 340; // below which a reference line has its short label
const SETTLE_MILLISECONDS = 250; // after a change of the zoom
const ZOOM_STEP = 1.5;
const HARDLY_MOVED = 0.25; // of its width: how far a window may move before its part is fetched again

function remembered() {
  try {
    return { group: null, kinds: {}, looks: {}, ...JSON.parse(localStorage.getItem(KEPT)) };
  } catch {
    return { group: null, kinds: {}, looks: {} };
  }
}

export class Curves extends Head {
  constructor(root) {
    super();
    this.root = root;
    for (const part of PARTS) this[part] = root.querySelector(`.curves-${part}`);
    this.line = root.querySelector(".curves-sample");
    this.chart = root.querySelector(".curves");
    this.panel = root.querySelector("[role=tabpanel]");
    this.strip = new Marks(this.marks, this.tip);
    this.kept = remembered();
    this.zoom = { run: null, x: null, y: {} };
    this.part = { start: null, stop: null }; // of the run, in images: what the zoom shows
    this.pointed = null; // images seen under the cursor
    this.sample = null; // {run, images_seen}: what the sample player shows
    this.large = false; // for a projector
    this.loader = new CurveLoader(() => this.refresh());
    this.throttle = new Throttle((status) => this.loader.heard(status));
    this.files = new Files(this);
    this.buildTools();
    this.listen();
  }

  // the data of the page, and the rows fetched since

  update({ data: page }) {
    const another = this.page?.run !== page.run || this.page.created !== page.created;
    this.page = page;
    if (another) this.begin(page);
    if (!(this.kept.group in page.groups)) this.kept.group = page.tabs[0].kinds[0].key;
    this.feed = followed(this.feed, page, (status) => this.throttle.hear(status));
    this.refresh();
  }

  begin(page) {
    this.point(null);
    this.zoom = { run: page.run, x: null, y: {} };
    this.part = { start: null, stop: null };
    this.group = null;
    this.throttle.forget();
    this.loader.reset(page.run);
  }

  refresh() {
    if (!this.group || this.loader.has(this.kept.group)) this.group = this.kept.group;
    this.compose();
    this.draw();
    this.ask();
  }

  // all that is drawn: the page's data of a group, and its rows; a newly chosen group appears once its rows are here
  compose() {
    const { page, group, loader } = this;
    const rows = loader.rows(group);
    const shown = page.groups[group];
    const lines = linesOf(shown.lines, rows);
    const message = rows.step.length ? "" : loader.problem || page.no_curve;
    const { images_seen, seconds } = rows;
    this.data = { ...page, ...shown, group, lines, images_seen, seconds, message };
    this.chart.setAttribute("aria-label", described(shown.title, images_seen, lines));
    this.message.textContent = message;
    this.message.hidden = !message;
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
      // no storage in this browser: the settings last as long as the page
    }
  }

  // the visible part of the run, in images: the zoom, or a window that follows the newest step; null for all
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
    this.paintHelp();
    if (this.held) return; // Plotly must not draw while a finger drags
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
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !height) return undefined; // not on the page yet: the observer of its size draws it then
    const size = { width, height, narrow: width < NARROW_PIXELS, large: this.large };
    const layout = layoutOf(this.data, this.look, this.clock, theme, zoom, size);
    const config = { displayModeBar: false, doubleClick: "autosize" };
    const began = performance.now();
    Plotly.react(this.chart, tracesOf(this.data, this.look, this.clock, theme), layout, config);
    this.throttle.took(performance.now() - began);
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
    placeLine(this.line, frame, this.sample?.run === this.data.run ? on(this.sample.images_seen) : null);
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

  // what is fetched: the shown group, and the single steps of the zoomed part

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), SETTLE_MILLISECONDS);
  }

  ask() {
    const { group } = this.kept;
    if (this.data.group === group) this.part = this.closeLook();
    this.loader.want(group, this.part.start, this.part.stop, this.page.groups[group].measured);
  }

  closeLook() {
    const seen = this.loader.isCoarse(this.data.group) ? this.seen : null;
    if (!seen) return { start: null, stop: null };
    const [start, stop] = [Math.max(0, Math.floor(seen[0])), this.zoom.x ? Math.max(0, Math.ceil(seen[1])) : null];
    const before = this.part;
    const follows = before.start !== null && stop === null && before.stop === null;
    const hardly = follows && Math.abs(start - before.start) < HARDLY_MOVED * (seen[1] - seen[0]);
    return hardly ? before : { start, stop };
  }

  // cursor, keys, and the link to the sample player

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
      setTimeout(() => this.draw()); // after Plotly's own handler
    };
    this.onSample = (event) => {
      this.sample = event.detail;
      if (this.data) this.place();
    };
    window.addEventListener("pointerup", this.release);
    window.addEventListener("pointercancel", this.release);
    window.addEventListener("gan-studio:sample", this.onSample);
    this.onGroup = (event) => this.showGroup(event.detail);
    window.addEventListener("gan-studio:group", this.onGroup);
    this.sizes = new ResizeObserver(() => this.data && this.draw());
    this.sizes.observe(this.stage);
  }

  leave() {
    clearTimeout(this.timer);
    this.feed?.end();
    this.throttle.forget();
    this.loader.reset();
    window.removeEventListener("pointerup", this.release);
    window.removeEventListener("pointercancel", this.release);
    window.removeEventListener("gan-studio:sample", this.onSample);
    window.removeEventListener("gan-studio:group", this.onGroup);
    this.sizes.disconnect();
    this.gearing.end();
    this.helping.end();
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
    this.where.setAttribute("aria-live", "polite"); // screen readers read values found with keys, not with the mouse
    acts[press.key]();
  }
}
