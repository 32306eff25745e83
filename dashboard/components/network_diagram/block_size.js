// How large a layer's output is drawn.

const TALLEST_REM = 6.5;
const SMALLEST_REM = 0.5;
const FULL_HEIGHT_PIXELS = 32; // pictures of this size and larger fill the height
const FULL_HEIGHT_DOUBLINGS = 11; // of the features of a flat layer

/**
 * The height and width in rem of a block for a shape: [features] of a flat layer, or [channels, height, ...] in pixels.
 * Channels and features count on a scale of logarithms, pixels on a linear one.
 */
export function blockSize(shape) {
  const [features, pixels] = shape;
  const flat = shape.length === 1;
  const doublings = Math.log2(features + 1);
  const share = flat ? doublings / FULL_HEIGHT_DOUBLINGS : pixels / FULL_HEIGHT_PIXELS;
  return {
    tall: Math.max(SMALLEST_REM, TALLEST_REM * Math.min(1, share)),
    wide: flat ? SMALLEST_REM : SMALLEST_REM * (1 + doublings),
  };
}
