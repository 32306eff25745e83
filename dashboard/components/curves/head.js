// The part above the plot: tabs of groups, tools that change how a group is drawn, and the lines with their values.
// `Curves` in index.js keeps the data and the settings of each group.

import { make, makeButton } from "../shared/dom.js";
import { grouped, significant } from "../shared/numbers.js";
import { Opening } from "../shared/opening.js";
import { nearest } from "../shared/search.js";
import { DASHES, LARGEST_SMOOTHING, MINUTE } from "./plot.js";

export const LOOK = { unit: "images", window: 1, smoothing: 0.85, log: false, hidden: [] };
const UNITS = { images: "Images", epochs: "Epochs", time: "Time" };
const GEAR =
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/></svg>';
const KEYS =
  "Drag to zoom, double click to reset. On the plot: \u2190 \u2192 move the cursor, + \u2212 zoom, 0 resets.";
const WINDOWS = { 1: "All", 0.5: "Last 50 %", 0.25: "Last 25 %", 0.1: "Last 10 %" };

export class Head {
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
    const button = makeButton("run-view-tab", tab.title);
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", "curves-tabpanel");
    button.onclick = () => {
      const last = tab.kinds.find((kind) => kind.key === this.kept.kinds[tab.title]) ?? tab.kinds[0];
      this.choose(last.key, tab.title);
    };
    return button;
  }

  // a group that another part of the page wants to show
  showGroup({ run, group }) {
    if (run !== this.page?.run) return;
    const tab = this.page.tabs.find((entry) => entry.kinds.some((kind) => kind.key === group));
    if (tab) this.choose(group, tab.title);
  }

  choose(group, tab) {
    this.kept.group = group;
    this.kept.kinds[tab] = group;
    this.remember();
    this.refresh();
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
      const node = make("select");
      node.append(...Object.entries(options).map(([value, word]) => new Option(word, value)));
      node.onchange = () => take(node.value);
      this.tools.append(labelled(label, node));
      return node;
    };
    this.gear.innerHTML = GEAR;
    this.gearing = new Opening(this.gear, this.tools, () => this.files.paint());
    this.helping = new Opening(this.help, this.explained);
    this.unit = select("Horizontal axis", UNITS, (unit) => this.change({ unit }));
    this.span = select("Window", WINDOWS, (share) => {
      this.zoom.x = null;
      this.change({ window: Number(share) });
    });
    this.range = make("input");
    Object.assign(this.range, { type: "range", min: 0, max: LARGEST_SMOOTHING, step: 0.01 });
    this.range.oninput = () => this.change({ smoothing: Number(this.range.value) });
    this.smoothness = make("output");
    this.log = make("input");
    this.log.type = "checkbox";
    this.log.onchange = () => {
      delete this.zoom.y[this.data.group];
      this.change({ log: this.log.checked });
    };
    this.reset.onclick = () => this.unzoom();
    this.tools.append(
      labelled("Smooth", this.range, this.smoothness),
      labelled("Logarithmic axis", this.log),
      this.files.root,
      make("p", "curves-keys", KEYS),
    );
  }

  paintTools() {
    const { look, data } = this;
    this.unit.querySelector("[value=epochs]").disabled = !data.epoch_images;
    this.unit.value = look.unit;
    this.span.value = String(look.window);
    if (document.activeElement !== this.range) this.range.value = String(look.smoothing);
    this.smoothness.textContent = look.smoothing.toFixed(2);
    this.range.disabled = Boolean(data.measured); // a few points, each with its own uncertainty
    this.log.disabled = !data.logarithmic;
    this.log.checked = look.log && data.logarithmic;
    this.reset.hidden = !this.zoom.x && !this.zoom.y[data.group];
    const tab = data.tabs.find((entry) => entry.kinds.some((kind) => kind.key === this.kept.group));
    this.paintKinds(tab);
  }

  paintKinds(tab) {
    const kinds = tab && tab.kinds.length > 1 ? tab.kinds : [];
    this.kinds.hidden = !kinds.length;
    if (this.kinds.children.length !== kinds.length) {
      this.kinds.replaceChildren(...kinds.map((kind) => makeButton("", kind.title)));
    }
    kinds.forEach((kind, index) => {
      const button = this.kinds.children[index];
      button.setAttribute("aria-pressed", String(kind.key === this.kept.group));
      button.onclick = () => this.choose(kind.key, tab.title);
    });
  }

  // what the group is, how it looks if all is well, and what is a bad sign

  paintHelp() {
    const { title, explained } = this.data;
    if (this.explainedTitle === title) return;
    this.explainedTitle = title;
    const part = (word, text) => {
      const sentence = make("p");
      sentence.append(make("strong", "", word), ` ${text}`);
      return sentence;
    };
    this.explained.replaceChildren(
      part(`${title}.`, explained.what),
      part("Normal:", explained.normal),
      part("A bad sign:", explained.bad),
    );
  }

  // lines: their names, whether they are shown, and their values under the cursor

  paintLines() {
    const { lines, images_seen: images } = this.data;
    const shape = JSON.stringify(lines.map((line) => [line.phrase, line.tone]));
    if (shape !== this.lineShape) {
      this.lineShape = shape;
      this.lines.replaceChildren(...lines.map((line) => this.lineOf(line)));
    }
    const at = images.length ? (this.pointed === null ? images.length - 1 : nearest(images, this.pointed)) : -1;
    lines.forEach((line, index) => {
      const button = this.lines.children[index];
      button.setAttribute("aria-pressed", String(!this.look.hidden.includes(line.title)));
      button.style.setProperty("--tone", this.theme.tones[line.tone]);
      button.querySelector("output").textContent = inPhrase(line, line.mean[at]);
      const spread =
        line.low[at] !== line.high[at] ? `${significant(line.low[at])} to ${significant(line.high[at])}` : "";
      button.querySelector("small").textContent = spread;
    });
    this.where.textContent = at < 0 ? "" : this.placeInWords(at);
  }

  placeInWords(at) {
    const { images_seen: images, seconds, epoch_images: epoch } = this.data;
    const minutes = Math.floor(seconds[at] / MINUTE);
    const time = minutes ? `${minutes} min ${Math.floor(seconds[at] % MINUTE)} s` : `${seconds[at].toFixed(1)} s`;
    const parts = [
      `${grouped(images[at])} images`,
      ...(epoch ? [`epoch ${grouped(Math.floor(images[at] / epoch))}`] : []),
      time,
    ];
    return `${this.pointed === null ? "newest: " : ""}${parts.join(", ")}`;
  }

  lineOf(line) {
    const button = make("button", "curves-line");
    const swatch = make("i", DASHES[line.tone] ? "dashed" : "");
    button.type = "button";
    button.title = "Show or hide this line";
    swatch.setAttribute("aria-hidden", "true");
    const [before, after] = line.phrase.split("{}");
    const words = make("span", "", before);
    words.append(make("output"), after);
    button.append(swatch, words, make("small"));
    button.onclick = () => {
      const { hidden } = this.look;
      const others = hidden.filter((title) => title !== line.title);
      this.change({ hidden: others.length < hidden.length ? others : [...hidden, line.title] });
    };
    return button;
  }
}

// the value of a line in its phrase; a percentage in a sentence is a whole number
function inPhrase(line, value) {
  const isWhole = line.phrase.includes("%") && typeof value === "number";
  return isWhole ? String(Math.round(value)) : significant(value);
}

function labelled(text, ...nodes) {
  const label = make("label");
  label.append(make("span", "", text), ...nodes);
  return label;
}
