// Positions on a canvas.

/** Where a pointer is on a canvas of side x side pixels, which fills `box` on the page: [x, y] in pixels of the canvas. */
export function toCanvas({ clientX, clientY }, box, side) {
  return [((clientX - box.left) * side) / box.width, ((clientY - box.top) * side) / box.height];
}
