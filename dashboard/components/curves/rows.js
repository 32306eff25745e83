// The rows of curves as the server sends them, and as they are drawn. A browser asks for the rows that it lacks: the
// server sends the row that the next steps belong to, and all later ones (see dashboard/train/live_data.py).

import { lastAtMost } from "../shared/search.js";

export const SPEED_SECONDS = 1; // training time over which a speed is taken

/** The rows of one group of curves, or of a part of it. */
export class Rows {
  constructor() {
    this.clear();
  }

  clear() {
    Object.assign(this, { attempt: 0, bucket: 0, step: [], images_seen: [], seconds: [], lines: [] });
  }

  get length() {
    return this.step.length;
  }

  /** The query for which the server sends only new rows. */
  get query() {
    return this.length ? { attempt: this.attempt, bucket: this.bucket, after: this.step.at(-1) } : {};
  }

  /** Add an answer: its rows replace the rows from step `keep_below` on. */
  take(answer) {
    const kept = answer.keep_below ? lastAtMost(this.step, answer.keep_below - 1) + 1 : 0;
    const joined = (before, after) => [...(before ?? []).slice(0, kept), ...after];
    this.lines = answer.lines.map((line, index) =>
      Object.fromEntries(Object.entries(line).map(([end, values]) => [end, joined(this.lines[index]?.[end], values)])),
    );
    for (const clock of ["step", "images_seen", "seconds"]) this[clock] = joined(this[clock], answer[clock]);
    this.attempt = answer.attempt;
    this.bucket = answer.bucket;
  }
}

/** `whole`, in which the finer rows of `part` replace the rows of the same steps. */
export function merged(whole, part) {
  if (!part?.length) return whole;
  const before = lastAtMost(whole.step, part.step[0] - 1) + 1;
  const after = lastAtMost(whole.step, part.step.at(-1)) + 1;
  const join = (values, finer) => [...values.slice(0, before), ...finer, ...values.slice(after)];
  return {
    step: join(whole.step, part.step),
    images_seen: join(whole.images_seen, part.images_seen),
    seconds: join(whole.seconds, part.seconds),
    lines: whole.lines.map((line, index) =>
      Object.fromEntries(Object.entries(line).map(([end, values]) => [end, join(values, part.lines[index][end])])),
    ),
  };
}

/** Images per second of training over the last SPEED_SECONDS before each row, or since the row before it. */
export function speeds(images, seconds) {
  return images.map((seen, row) => {
    const before = Math.max(0, lastAtMost(seconds, seconds[row] - SPEED_SECONDS));
    const passed = seconds[row] - seconds[before];
    return passed > 0 ? (seen - images[before]) / passed : null;
  });
}
