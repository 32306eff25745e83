// Pixels as the server sends them: one base64 text of bytes for `count` pictures (height, width, channels) in a row.

export function pictures(block) {
  const text = atob(block.pixels);
  const size = block.width * block.height;
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return Array.from({ length: bytes.length / (size * block.channels) }, (_, index) => {
    const rgba = new Uint8ClampedArray(size * 4);
    const start = index * size * block.channels;
    for (let pixel = 0; pixel < size; pixel += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        rgba[4 * pixel + channel] = bytes[start + pixel * block.channels + (block.channels === 3 ? channel : 0)];
      }
      rgba[4 * pixel + 3] = 255;
    }
    return new ImageData(rgba, block.width, block.height);
  });
}

export function paint(canvas, picture) {
  if (canvas.width !== picture.width || canvas.height !== picture.height) {
    canvas.width = picture.width;
    canvas.height = picture.height;
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

// The same on an <img>: every canvas is a layer that the browser puts together anew for each picture of a drag.
const scratch = document.createElement("canvas");

export function print(image, picture) {
  paint(scratch, picture);
  image.src = scratch.toDataURL();
}

export function made(tag, look, text) {
  const node = document.createElement(tag);
  node.className = look;
  if (text !== undefined) node.textContent = text;
  return node;
}

// The part of a slider's track between where it rests and where it stands.
export function fill(range, rest) {
  const width = range.max - range.min;
  const share = (value) => 100 * Math.min(1, Math.max(0, (value - range.min) / width));
  const ends = [share(rest), share(range.value)].sort((one, other) => one - other);
  range.style.setProperty("--from", `${ends[0]}%`);
  range.style.setProperty("--to", `${ends[1]}%`);
}
