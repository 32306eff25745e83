// Nodes of the document.

/** A new element with a class and a text. */
export function make(tag, className = "", text = undefined) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** A new button that submits nothing. */
export function makeButton(className = "", text = undefined) {
  const button = make("button", className, text);
  button.type = "button";
  return button;
}

/** Colour the track of a slider between `rest`, the value at which it has no effect, and its present value. */
export function fillTrack(range, rest) {
  const [from, to] = trackShares(Number(range.min), Number(range.max), rest, Number(range.value));
  range.style.setProperty("--from", `${from}%`);
  range.style.setProperty("--to", `${to}%`);
}

/** Where two values of a slider lie on its track, in ascending percent. */
export function trackShares(min, max, one, other) {
  const share = (value) => (max > min ? 100 * Math.min(1, Math.max(0, (value - min) / (max - min))) : 0);
  return [share(one), share(other)].sort((first, second) => first - second);
}
