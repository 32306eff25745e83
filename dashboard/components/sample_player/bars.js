// How many pictures there are of each digit: ten bars with their numbers, which a screen reader reads as a list.

import { make } from "../shared/dom.js";

/** The height of each bar in percent of the largest count. */
export function barHeights(counts) {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (100 * count) / most);
}

export function barOf(digit, count, height) {
  const item = make("li");
  const column = make("div", "column");
  const bar = column.appendChild(make("div", "bar"));
  bar.style.setProperty("--height", `${height}%`);
  item.append(column, make("span", "digit", `${digit}: ${count}`));
  item.setAttribute("aria-label", `Digit ${digit}: ${count} pictures`);
  return item;
}
