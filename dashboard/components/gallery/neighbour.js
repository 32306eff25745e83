// Which cell of a grid an arrow key leads to.

/** How far apart two cells beside and below each other are in the order of a grid, from its computed style. */
export function tracks({ gridAutoFlow, gridTemplateColumns, gridTemplateRows }) {
  return gridAutoFlow === "column"
    ? { right: gridTemplateRows.split(" ").length, down: 1 }
    : { right: 1, down: gridTemplateColumns.split(" ").length };
}

/** The index of the cell that `key` leads to from `index`; null for another key, and where there is no such cell. */
export function neighbour(key, index, count, { right, down }) {
  const step = { ArrowLeft: -right, ArrowRight: right, ArrowUp: -down, ArrowDown: down }[key];
  const next = index + step;
  return next >= 0 && next < count ? next : null; // NaN for any other key
}
