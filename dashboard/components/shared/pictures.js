// Pictures of a block of pixels on canvases and images.

import { unpack } from "./pixels.js";

/** The pictures of a block as ImageData. */
export function pictures(block) {
  return unpack(block).map((rgba) => new ImageData(rgba, block.width, block.height));
}

/** Show a picture on a canvas. */
export function paint(canvas, picture) {
  if (canvas.width !== picture.width || canvas.height !== picture.height) {
    canvas.width = picture.width;
    canvas.height = picture.height;
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

let scratch;

/**
 * Show a picture on an <img>. During a drag, the browser composes every canvas of the page again for each picture,
 * but no <img>.
 */
export function paintImage(image, picture) {
  scratch ??= document.createElement("canvas");
  paint(scratch, picture);
  image.src = scratch.toDataURL();
}
