// Curves of one run. Called again with new numbers or another theme, always with the same node: Plotly.react draws what
// changed, and zoom, hidden lines and the rest of the looks are kept here, per browser and per group of curves.

const KEPT = "gan-studio.curves";
const LOOK = { unit: "images", window: 1, smoothing: 0.85, log: false, hidden: [] };
const UNITS = { images: "Images", epochs: "Epochs", time: "Time" };
const WINDOWS = { 1: "All", 0.5: "Last 50 %", 0.25: "Last 25 %", 0.1: "Last 10 %" };
const NARROW_PIXELS = 340; // below which a reference line carries its short word
const HEAD_PIXELS = 104; // tabs, tools and legend above the plot
const SETTLE_MILLISECONDS = 250; // after a change of the zoom
const ANSWER_MILLISECONDS = 4000; // after which an answer counts as lost
const ZOOM_STEP = 1.5;
const HARDLY_MOVED = 0.25; // of its width: how far a window may follow the run before its part is asked for anew

const said = (number) => Math.round(number).toLocaleString("en-US");
const digits = (value) => (value === null || value === undefined ? "\u2013" : String(Number(value.toPrecision(4))).replace("-", "\u2212"));

function remembered() {
  try {
    return { group: null, kinds: {}, looks: {}, ...JSON.parse(localStorage.getItem(KEPT)) };
  } catch {
    return { group: null, kinds: {}, looks: {} };
  }
}

class Curves {
  constructor(root) {
    this.root = root;
    for (const part of ["tabs", "tools", "lines", "where", "stage", "cursor", "film", "marks", "tip", "reset", "message"]) {
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
        this.message.textContent =
          `The chart cannot be drawn: plotly.min.js did not load (${error.message}). Restart the server, then reload the page.`;
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

  // tabs

  paintTabs() {
    const { tabs, group } = this.data;
    const shape = JSON.stringify(tabs);
    if (shape !== this.shape) {
      this.shape = shape;
      this.tabs.replaceChildren(...tabs.map((tab) => this.tabOf(tab)));
    }
    this.chart.setAttribute("aria-busy", String(this.kept.group !== group));
    this.panel.setAttribute("aria-label", tabs.find((tab) => tab.kinds.some((kind) => kind.key === group)).title);
    [...this.tabs.children].forEach((button, index) => {
      const chosen = tabs[index].kinds.some((kind) => kind.key === this.kept.group);
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    });
  }

  tabOf(tab) {
    const button = make("button", "curves-tab", tab.title);
    button.type = "button";
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", "curves-tabpanel");
    button.onclick = () => {
      const last = tab.kinds.find((kind) => kind.key === this.kept.kinds[tab.title]) ?? tab.kinds[0];
      this.choose(last.key, tab.title);
    };
    return button;
  }

  choose(group, tab) {
    this.kept.group = group;
    this.kept.kinds[tab] = group;
    this.remember();
    this.draw();
    this.ask();
  }

  walkTabs(press) {
    const buttons = [...this.tabs.children];
    const at = buttons.indexOf(press.target);
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 };
    if (!(press.key in steps)) return;
    press.preventDefault();
    const next = buttons[(steps[press.key] + buttons.length) % buttons.length];
    next.click();
    next.focus();
  }

  // tools

  buildTools() {
    const select = (label, options, take) => {
      const node = make("select", "");
      node.setAttribute("aria-label", label);
      node.title = label;
      node.append(...Object.entries(options).map(([value, word]) => new Option(word, value)));
      node.onchange = () => take(node.value);
      return node;
    };
    this.kind = make("span", "curves-kinds");
    this.unit = select("Horizontal axis", UNITS, (unit) => this.change({ unit }));
    this.span = select("Window", WINDOWS, (share) => {
      this.zoom.x = null;
      this.change({ window: Number(share) });
    });
    this.range = make("input", "");
    Object.assign(this.range, { type: "range", min: 0, max: LARGEST_SMOOTHING, step: 0.01 });
    this.range.oninput = () => this.change({ smoothing: Number(this.range.value) });
    this.smoothness = make("output", "");
    const smoothing = make("label", "curves-smoothing", "Smooth");
    smoothing.append(this.range, this.smoothness);
    this.log = make("button", "", "Log");
    this.log.title = "Logarithmic axis";
    this.log.onclick = () => {
      delete this.zoom.y[this.data.group];
      this.change({ log: !this.look.log });
    };
    this.log.type = "button";
    this.reset.onclick = () => this.unzoom();
    this.tools.append(this.kind, this.unit, this.span, smoothing, this.log);
  }

  paintTools() {
    const { look, data } = this;
    this.unit.querySelector("[value=epochs]").disabled = !data.epoch_images;
    this.unit.value = look.unit;
    this.span.value = String(look.window);
    if (document.activeElement !== this.range) this.range.value = String(look.smoothing);
    this.smoothness.textContent = look.smoothing.toFixed(2);
    this.log.disabled = !data.logarithmic;
    this.log.setAttribute("aria-pressed", String(look.log && data.logarithmic));
    this.reset.hidden = !this.zoom.x && !this.zoom.y[data.group];
    const tab = data.tabs.find((entry) => entry.kinds.some((kind) => kind.key === this.kept.group));
    this.paintKinds(tab);
  }

  paintKinds(tab) {
    const kinds = tab && tab.kinds.length > 1 ? tab.kinds : [];
    this.kind.hidden = !kinds.length;
    if (this.kind.children.length !== kinds.length) {
      this.kind.replaceChildren(...kinds.map((kind) => Object.assign(make("button", "", kind.title), { type: "button" })));
    }
    kinds.forEach((kind, index) => {
      const button = this.kind.children[index];
      button.setAttribute("aria-pressed", String(kind.key === this.kept.group));
      button.onclick = () => this.choose(kind.key, tab.title);
    });
  }

  // lines: their names, whether they are shown, and their values under the cursor

  paintLines() {
    const { lines, images_seen: images } = this.data;
    const shape = JSON.stringify(lines.map((line) => [line.title, line.tone]));
    if (shape !== this.lineShape) {
      this.lineShape = shape;
      this.lines.replaceChildren(...lines.map((line) => this.lineOf(line)));
    }
    const at = images.length ? (this.pointed === null ? images.length - 1 : nearest(images, this.pointed)) : -1;
    lines.forEach((line, index) => {
      const button = this.lines.children[index];
      button.setAttribute("aria-pressed", String(!this.look.hidden.includes(line.title)));
      button.style.setProperty("--tone", this.theme.tones[line.tone]);
      button.querySelector("output").textContent = digits(line.mean[at]);
      const spread = line.low[at] !== line.high[at] ? `${digits(line.low[at])} to ${digits(line.high[at])}` : "";
      button.querySelector("small").textContent = spread;
    });
    this.where.textContent = at < 0 ? "" : this.placeInWords(at);
  }

  placeInWords(at) {
    const { images_seen: images, seconds, epoch_images: epoch } = this.data;
    const minutes = Math.floor(seconds[at] / MINUTE);
    const time = minutes ? `${minutes} min ${Math.floor(seconds[at] % MINUTE)} s` : `${seconds[at].toFixed(1)} s`;
    const parts = [`${said(images[at])} images`, ...(epoch ? [`epoch ${said(Math.floor(images[at] / epoch))}`] : []), time];
    return `${this.pointed === null ? "newest: " : ""}${parts.join(", ")}`;
  }

  lineOf(line) {
    const button = make("button", "curves-line");
    const swatch = make("i", DASHES[line.tone] ? "dashed" : "");
    button.type = "button";
    button.title = "Show or hide this line";
    swatch.setAttribute("aria-hidden", "true");
    button.append(swatch, make("span", "", line.title), make("output", ""), make("small", ""));
    button.onclick = () => {
      const { hidden } = this.look;
      const others = hidden.filter((title) => title !== line.title);
      this.change({ hidden: others.length < hidden.length ? others : [...hidden, line.title] });
    };
    return button;
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
    const hardly = before?.start != null && before.run === this.data.run && stop === null && before.stop === null
      && Math.abs(start - before.start) < HARDLY_MOVED * (seen[1] - seen[0]);
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
    this.point(inside ? this.data.images_seen[nearest(this.data.images_seen, this.clock.from(frame.value(pixels)))] : null);
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
      ArrowLeft: () => to(at - step), ArrowRight: () => to(at + step), Home: () => to(0), End: () => to(images.length - 1),
      "+": () => this.zoomBy(ZOOM_STEP), "=": () => this.zoomBy(ZOOM_STEP), "-": () => this.zoomBy(1 / ZOOM_STEP),
      0: () => this.unzoom(), Escape: () => this.point(null),
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
