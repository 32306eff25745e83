// What the server sends of a film (see dashboard/train/film.py), and the pictures that the browser keeps of it.

const MOST_KEPT = 600;
const MOST_KEPT_BYTES = 128e6;
const UINT32 = 4;

export function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  let start = UINT32 * (1 + count);
  return Array.from({ length: count }, (_, index) => {
    const end = start + view.getUint32(UINT32 * (1 + index), true);
    const part = bytes.subarray(start, end);
    start = end;
    return part;
  });
}

export function parsed(bytes) {
  return JSON.parse(new TextDecoder().decode(bytes));
}

// PNGs by their images seen (or "real"); those that were looked at longest ago go first.
export class Frames {
  constructor() {
    this.kept = new Map();
    this.missing = new Set();
    this.bytes = 0;
  }

  lacks(mark) {
    return mark !== undefined && !this.kept.has(mark) && !this.missing.has(mark);
  }

  get(mark) {
    const frame = this.kept.get(mark);
    if (frame) {
      this.kept.delete(mark);
      this.kept.set(mark, frame);
    }
    return frame;
  }

  add(mark, png) {
    if (this.get(mark)) return;
    const blob = new Blob([png], { type: "image/png" });
    this.kept.set(mark, { blob, url: URL.createObjectURL(blob) });
    this.bytes += blob.size;
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT && this.bytes <= MOST_KEPT_BYTES) break;
      if (oldest !== mark) this.drop(oldest);
    }
  }

  drop(mark) {
    const { blob, url } = this.kept.get(mark);
    this.kept.delete(mark);
    this.bytes -= blob.size;
    URL.revokeObjectURL(url);
  }

  damaged(mark) {
    if (this.kept.has(mark)) this.drop(mark);
    this.missing.add(mark);
  }

  clear() {
    for (const mark of [...this.kept.keys()]) this.drop(mark);
    this.missing.clear();
  }
}

// At most `most` of the marks, the first and the last included. Every second, fourth, eighth...: so that those chosen
// stay chosen while the film grows.
export function thinned(marks, most) {
  let stride = 1;
  while (Math.ceil((marks.length - 1) / stride) + 1 > most) stride *= 2;
  const chosen = Array.from({ length: Math.ceil((marks.length - 1) / stride) }, (_, place) => marks[place * stride]);
  return [...chosen, marks.at(-1)];
}
