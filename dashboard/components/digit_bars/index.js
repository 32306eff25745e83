// How many pictures there are of each digit: ten bars with their numbers, which a screen reader reads as a list.

import { make } from "../shared/dom.js";
import { mounted } from "../shared/mount.js";
import { chartColours } from "../shared/theme.js";
import { barHeights } from "./heights.js";

class DigitBars {
  constructor(list) {
    this.list = list;
  }

  update({ data }) {
    const heights = barHeights(data.counts);
    this.list.style.setProperty("--colour", chartColours(this.list)[1]);
    this.list.setAttribute("aria-label", data.title);
    this.list.replaceChildren(...data.counts.map((count, digit) => barOf(digit, count, heights[digit])));
  }
}

function barOf(digit, count, height) {
  const item = make("li");
  const column = make("div", "column");
  const bar = column.appendChild(make("div", "bar"));
  bar.style.setProperty("--height", `${height}%`);
  item.append(column, make("span", "digit", String(digit)), make("span", "count", String(count)));
  item.setAttribute("aria-label", `Digit ${digit}: ${count} pictures`);
  return item;
}

export default mounted(".digit-bars", DigitBars);
