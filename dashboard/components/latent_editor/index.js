// The picture and every slider that bends it. A slider asks for a new picture while it moves, and never before the last
// one has come: what moved in between goes along with the next request. That is a plain request, of which the page knows
// nothing. Where sliders come to rest the page is told: it checks each value and answers with the number of the message,
// so that a slider under a finger is never set back by an older answer.

import { fill, made, paint, pictures, print } from "../shared/pixels.js";
import { addressOf } from "../shared/server.js";

const ANSWER_MILLISECONDS = 4000; // after which an answer counts as lost
const REST_MILLISECONDS = 250; // a slider that stands still as long as that is released: also one moved by keys
const PAGE = 12;
const NARROW_PIXELS = 640;
const ICONS = {
  pin: "M9 3h6l-1 6 4 4H6l4-4-1-6M12 13v8",
  drop: "M6 6l12 12M18 6L6 18",
};

function icon(name, label) {
  const button = made("button", "icon");
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
  return button;
}

function spoken(value) {
  return value.toFixed(2).replace("-", "\u2212");
}

// The picture of an address with some sliders elsewhere; undefined where none comes.
async function live(address, touched) {
  const moves = new URLSearchParams({ moves: JSON.stringify(Object.fromEntries(touched)) });
  try {
    const answer = await fetch(`${addressOf("live")}?${address}&${moves}`, {
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

class LatentEditor {
  constructor(root) {
    this.root = root;
    this.sent = 0;
    this.touched = new Map(); // key -> value, until the page has answered it
    this.told = new Map(); // key -> number of the message that carried its newest value
    this.round = 0; // of answers from the page
    this.pictures = 0; // painted so far
    this.inputs = new Map();
    this.tab = 0;
    this.page = 0;
    this.canvas = root.querySelector(".latent-editor-picture canvas");
    this.buildFoot();
    new ResizeObserver(() => root.classList.toggle("narrow", root.clientWidth < NARROW_PIXELS)).observe(root);
  }

  // what the page says

  update(data, setStateValue, setTriggerValue) {
    this.data = data;
    this.setStateValue = setStateValue;
    this.act = (kind, value = null) => setTriggerValue("act", { kind, value });
    this.sent = Math.max(this.sent, data.reply);
    for (const [key, number] of this.told) {
      if (number > data.reply) continue;
      this.told.delete(key);
      this.touched.delete(key);
    }
    this.round += 1; // pictures asked for before now show what was
    this.paintClassic();
    this.build();
    this.setInputs();
    if (this.touched.size) this.ask();
    else this.paintPicture(data);
  }

  paintPicture(data) {
    paint(this.canvas, pictures(data.picture)[0]);
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", data.description);
    this.pictures += 1;
    this.canvas.dataset.shown = String(this.pictures);
    this.root.querySelector(".expression").textContent = data.expression;
    this.root.querySelector(".expression").title = data.expression;
    this.root.querySelector(".norm-text").textContent = data.norm_text;
    this.root.querySelector(".norm-fill").style.width = `${Math.min(100, 50 * data.norm)}%`;
  }

  paintClassic() {
    const row = this.root.querySelector(".classic");
    row.hidden = !this.data.classic;
    if (!this.data.classic) return;
    const shown = pictures(this.data.classic.block);
    if (row.children.length !== shown.length) {
      row.replaceChildren(
        ...shown.map(() => {
          const button = made("button", "");
          button.type = "button";
          button.append(made("img", ""), made("span", "small"));
          return button;
        }),
      );
    }
    shown.forEach((picture, index) => {
      const caption = this.data.classic.captions[index];
      const button = row.children[index];
      print(button.children[0], picture);
      button.children[0].alt = "";
      button.children[1].textContent = caption.replace("-", "\u2212");
      button.title = `Show ${caption}`;
      button.setAttribute("aria-label", button.title);
      button.onclick = () => this.act("say", caption);
    });
  }

  // sliders: built anew only where there are others than before, so that focus and drag survive every answer

  build() {
    const { shelf, groups } = this.data;
    this.tab = Math.min(this.tab, groups.length - 1);
    const shape = JSON.stringify([shelf.map((thing) => thing.key), groups, this.tab, this.page]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.inputs.clear();
      this.buildShelf();
      this.buildTabs();
      this.buildSliders();
      this.bind(this.root.querySelector(".truncation"), this.data.truncation);
      this.bind(this.root.querySelector(".threshold"), this.data.threshold);
    }
    this.paintShelf();
  }

  buildShelf() {
    const { shelf } = this.data;
    const empty = made("p", "quiet small", "The shelf is empty: click a seed to put it here.");
    const rows = shelf.map((thing) => {
      const row = made("div", "thing");
      const picture = made("button", "thing-picture");
      picture.type = "button";
      picture.append(made("img", ""));
      const middle = made("div", "");
      const head = made("div", "thing-head");
      const name = made("input", "thing-name");
      name.type = "text";
      name.maxLength = 24;
      head.append(made("span", "thing-letter", thing.letter), name, made("output", "value small"));
      middle.append(head, this.range({ ...this.data.weight, key: thing.key }, `Weight of ${thing.letter}`));
      const acts = made("div", "thing-acts");
      acts.append(icon("pin", `Pin ${thing.letter}`), icon("drop", `Drop ${thing.letter}`));
      row.append(picture, middle, acts);
      return row;
    });
    this.root.querySelector(".shelf").replaceChildren(...(rows.length ? rows : [empty]));
  }

  paintShelf() {
    const { shelf } = this.data;
    const shown = shelf.length ? pictures(this.data.shelf_block) : [];
    shelf.forEach((thing, index) => {
      const row = this.root.querySelector(".shelf").children[index];
      const [picture, middle, acts] = row.children;
      print(picture.firstChild, shown[index]);
      picture.firstChild.alt = "";
      picture.title = `Show ${thing.letter} alone`;
      picture.setAttribute("aria-label", picture.title);
      picture.onclick = () => this.act("only", thing.letter);
      const name = middle.querySelector(".thing-name");
      name.placeholder = thing.source;
      name.setAttribute("aria-label", `Name of ${thing.letter}`);
      if (name !== this.root.getRootNode().activeElement) name.value = thing.name;
      name.onchange = () => this.act("rename", [thing.letter, name.value]);
      const [pin, drop] = acts.children;
      pin.setAttribute("aria-pressed", String(thing.pinned));
      pin.onclick = () => this.act("pin", thing.letter);
      drop.onclick = () => this.act("drop", thing.letter);
    });
  }

  buildTabs() {
    const tabs = this.data.groups.map((group, index) => {
      const tab = made("button", "tab", group.title);
      tab.type = "button";
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", String(index === this.tab));
      tab.tabIndex = index === this.tab ? 0 : -1;
      tab.onclick = () => this.open(index);
      tab.onkeydown = (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        this.open((index + step + tabs.length) % tabs.length);
        this.root.querySelector('.tab[aria-selected="true"]').focus();
      };
      return tab;
    });
    this.root.querySelector(".tabs").replaceChildren(...tabs);
  }

  open(index) {
    this.tab = index;
    this.page = 0;
    this.build();
    this.setInputs();
  }

  turn(step) {
    this.page += step;
    this.build();
    this.setInputs();
  }

  buildSliders() {
    const group = this.data.groups[this.tab];
    const pages = Math.max(1, Math.ceil(group.names.length / PAGE));
    this.page = Math.min(this.page, pages - 1);
    const first = this.page * PAGE;
    const sliders = group.names.slice(first, first + PAGE).map((name) => ({
      ...this.data.bend,
      key: `${group.kind}:${name}`,
      title: `${group.word} ${name}`.trim(),
    }));
    this.root.querySelector(".sliders").replaceChildren(
      ...sliders.map((slider) => {
        const node = made("div", "slider");
        const label = made("label", "", slider.title);
        label.title = slider.title;
        const range = this.range(slider, slider.title);
        range.id = `slider-${slider.key}`;
        label.htmlFor = range.id;
        node.append(label, made("output", "value small"), range);
        return node;
      }),
    );
    this.root.querySelector(".note").textContent = group.note;
    const pager = this.root.querySelector(".pager");
    pager.hidden = pages === 1;
    const [before, text, after] = pager.children;
    text.textContent = `${first + 1} to ${first + sliders.length} of ${group.names.length}`;
    before.disabled = this.page === 0;
    after.disabled = this.page === pages - 1;
    before.onclick = () => this.turn(-1);
    after.onclick = () => this.turn(1);
  }

  range(slider, label) {
    const range = made("input", "");
    range.type = "range";
    range.setAttribute("aria-label", label);
    this.equip(range, slider);
    return range;
  }

  bind(node, slider) {
    this.equip(node.querySelector("input"), slider);
  }

  equip(range, slider) {
    range.min = slider.min;
    range.max = slider.max;
    range.step = slider.step;
    range.dataset.key = slider.key;
    range.oninput = () => this.moved(slider.key, Number(range.value));
    range.onchange = () => this.rest();
    range.ondblclick = () => {
      range.value = slider.rest;
      this.moved(slider.key, slider.rest);
      this.rest();
    };
    this.inputs.set(slider.key, { range, slider });
  }

  setInputs() {
    const values = { ...this.data.values, ...Object.fromEntries(this.touched) };
    for (const [key, { range, slider }] of this.inputs) {
      const value = values[key] ?? slider.rest;
      if (!this.touched.has(key) && Number(range.value) !== value) range.value = String(value);
      this.tell(range, slider, value);
    }
  }

  tell(range, slider, value) {
    if (range.dataset.told === String(value)) return;
    range.dataset.told = String(value);
    const output = range.closest(".thing, .slider").querySelector("output");
    const text = slider.key === "tau" && value === slider.rest ? "off" : spoken(value);
    output.textContent = text;
    range.setAttribute("aria-valuetext", text);
    fill(range, slider.rest === slider.max ? slider.min : slider.rest);
    range.closest(".slider")?.classList.toggle("moved", value !== slider.rest);
  }

  // what the person does

  moved(key, value) {
    clearTimeout(this.resting);
    this.touched.set(key, value);
    this.told.delete(key);
    const { range, slider } = this.inputs.get(key);
    this.tell(range, slider, value);
    this.ask();
  }

  async ask() {
    this.dirty = this.busy;
    if (this.busy) return;
    this.busy = true;
    const { round } = this;
    const picture = await live(this.data.address, this.touched);
    this.busy = false;
    if (picture && round === this.round) this.paintPicture(picture);
    if (this.dirty && this.touched.size) this.ask();
  }

  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.sent += 1;
      for (const key of this.touched.keys()) if (!this.told.has(key)) this.told.set(key, this.sent);
      this.setStateValue("move", { number: this.sent, values: Object.fromEntries(this.touched) });
    }, REST_MILLISECONDS);
  }

  buildFoot() {
    this.root.querySelectorAll("[data-act]").forEach((button) => {
      button.onclick = () => this.act(button.dataset.act);
    });
  }
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".latent-editor");
  root.editor ??= new LatentEditor(root);
  root.editor.update(data, setStateValue, setTriggerValue);
}
