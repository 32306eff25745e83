// Sizes of the film, in CSS pixels.

export const GAP = 24; // between film and curves
export const BELOW = 28 + 48 + 72 + 2; // tabs above the film; time line, strip and margin below it
const SHARE_OF_THE_HEIGHT = 0.625; // of the window
const SHARE_OF_A_PHONE = 0.6;
export const STACKED = 560; // narrower than that, the curves are below the film

/**
 * The side of the film: the largest one at which a pixel of the grid is a multiple of half a screen pixel, so that the
 * picture keeps its size while only little changes around it.
 *
 * @param {{ width: number, height: number, above: number }} room of the view, of the window, and above the view
 * @param {number} side of the grid in its own pixels
 * @param {number} ratio of screen pixels to CSS pixels
 */
export function filmSide({ width, height, above }, side, ratio = 1) {
  const room = width < STACKED ? stackedRoom(width, height) : besideRoom(width, height, above);
  const halves = Math.floor((2 * room * ratio) / side);
  return halves ? (halves * side) / (2 * ratio) : Math.floor(room);
}

function besideRoom(width, height, above) {
  const least = SHARE_OF_THE_HEIGHT * height * 0.5; // a low window scrolls
  return Math.min((width - GAP) / 2, SHARE_OF_THE_HEIGHT * height, Math.max(least, height - above - BELOW));
}

function stackedRoom(width, height) {
  return Math.min(width, Math.max(SHARE_OF_A_PHONE * height, 224));
}
