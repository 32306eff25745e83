// The sample grids that the browser keeps: PNGs by their images seen.

import { fetchOfRun } from "../shared/run_feed.js";

const MOST_KEPT = 600;
const MOST_KEPT_BYTES = 128e6;
const MOST_AT_ONCE = 6; // requests, as many as browsers make to one server
export const REAL = "real"; // the key of the real images
const READING = 202; // the server is still reading the real images
const FAILED = 500; // and above: the next answer may be better
const RETRY_MILLISECONDS = 1000;

// PNGs by their images seen (or "real"); the least recently shown are dropped first.
export class Frames {
  /** `changed()` is called when there is another picture, or a problem. */
  constructor(changed) {
    this.changed = changed;
    this.kept = new Map();
    this.clear();
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

  add(mark, blob) {
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

  /** Forget all pictures, because another run, or another attempt of the run, is shown. */
  clear(run = null, version = "") {
    for (const mark of [...this.kept.keys()]) this.drop(mark);
    clearTimeout(this.timer);
    Object.assign(this, { run, version, bytes: 0, missing: new Set(), loading: new Set(), problem: "" });
  }

  /** Fetch pictures in this order. Pictures that are being fetched are not requested again. */
  load(marks) {
    for (const mark of marks) {
      if (this.loading.size >= MOST_AT_ONCE) return;
      if (this.lacks(mark) && !this.loading.has(mark)) this.fetch(mark);
    }
  }

  async fetch(mark) {
    const { loading } = this;
    loading.add(mark);
    const changes = await this.bring(mark, loading).catch(() => false);
    loading.delete(mark);
    if (loading !== this.loading) return; // cleared meanwhile
    if (changes) this.changed();
    else this.timer = setTimeout(this.changed, RETRY_MILLISECONDS);
  }

  // returns whether it came, or is known to be missing
  async bring(mark, loading) {
    const what = mark === REAL ? "real.png" : `samples/${mark}.png`;
    const answer = await fetchOfRun(this.run, what, mark === REAL ? {} : { version: this.version });
    if (answer.status === READING || answer.status >= FAILED) return false;
    const content = answer.ok ? await answer.blob() : await answer.text();
    if (loading !== this.loading) return false;
    if (answer.ok) this.add(mark, content);
    else if (mark === REAL) this.problem = content;
    if (!answer.ok) this.missing.add(mark);
    return true;
  }
}
