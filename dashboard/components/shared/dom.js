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

/**
 * Give `parent` the children `nodes`. A child that is one of them already stays in the document, so that a click that
 * has begun on it arrives and the focus stays.
 */
export function setChildren(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  for (const [index, node] of nodes.entries()) {
    if (parent.childNodes[index] !== node) parent.insertBefore(node, parent.childNodes[index] ?? null);
  }
}

/** Make `node`, which may be in use, look like `wanted`: its class, its attributes and its children. */
export function takeLook(node, wanted) {
  if (node.isEqualNode(wanted)) return;
  for (const { name } of [...node.attributes]) if (!wanted.hasAttribute(name)) node.removeAttribute(name);
  for (const { name, value } of wanted.attributes) node.setAttribute(name, value);
  node.replaceChildren(...wanted.childNodes);
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
