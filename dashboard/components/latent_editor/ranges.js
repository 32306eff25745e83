// All sliders of the editor, by the keys that the server gave them.

import { fillTrack, make } from "../shared/dom.js";
import { valueText } from "./value_text.js";

export class Ranges {
  /**
   * @param {(key: string, value: number) => void} moved
   * @param {() => void} released
   */
  constructor(moved, released) {
    Object.assign(this, { moved, released, ranges: new Map() });
  }

  clear() {
    this.ranges.clear();
  }

  /** A new slider. `slider` has key, min, max, step and rest, the value at which it has no effect. */
  make(slider, label) {
    const range = make("input");
    range.type = "range";
    range.setAttribute("aria-label", label);
    this.bind(range, slider);
    return range;
  }

  bind(range, slider) {
    const { key, min, max, step, rest } = slider;
    Object.assign(range, { min, max, step });
    range.dataset.key = key;
    range.oninput = () => this.move(key, Number(range.value));
    range.onchange = () => this.released();
    range.ondblclick = () => {
      range.value = rest;
      this.move(key, rest);
      this.released();
    };
    this.ranges.set(key, { range, slider });
  }

  move(key, value) {
    this.moved(key, value);
    this.describe(key, value);
  }

  /** Set every slider to its value; one that moves under a finger keeps its own. */
  set(values, moves) {
    const present = { ...values, ...moves.values };
    for (const [key, { range, slider }] of this.ranges) {
      const value = present[key] ?? slider.rest;
      if (!moves.has(key) && Number(range.value) !== value) range.value = String(value);
      this.describe(key, value);
    }
  }

  describe(key, value) {
    const { range, slider } = this.ranges.get(key);
    if (range.dataset.described === String(value)) return;
    range.dataset.described = String(value);
    const text = valueText(slider, value);
    range.closest(".shelf-item, .slider").querySelector("output").textContent = text;
    range.setAttribute("aria-valuetext", text);
    fillTrack(range, slider.rest === slider.max ? slider.min : slider.rest);
    range.closest(".slider")?.classList.toggle("moved", value !== slider.rest);
  }
}
