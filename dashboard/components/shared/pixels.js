// Pixels as the server sends them: base64 of the bytes of some pictures, each (height, width, channels), one after another.

/**
 * The pictures of a block, each as (height * width * 4) bytes of red, green, blue and alpha.
 *
 * @param {{ pixels: string, width: number, height: number, channels: 1 | 3 }} block
 */
export function unpack({ pixels, width, height, channels }) {
  const bytes = Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0));
  const size = width * height * channels;
  return Array.from({ length: bytes.length / size }, (_, index) =>
    toRgba(bytes.subarray(index * size, (index + 1) * size), channels),
  );
}

function toRgba(bytes, channels) {
  const rgba = new Uint8ClampedArray((4 * bytes.length) / channels).fill(255);
  for (let from = 0, to = 0; from < bytes.length; from += channels, to += 4) {
    rgba[to] = bytes[from];
    rgba[to + 1] = bytes[channels === 3 ? from + 1 : from];
    rgba[to + 2] = bytes[channels === 3 ? from + 2 : from];
  }
  return rgba;
}
