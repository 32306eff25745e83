// The values of lines: as the server sends them, values computed from these, and both as text.

import { grouped, significant } from "../shared/numbers.js";
import { speeds } from "./rows.js";

const DESCRIBED_DIGITS = 3;

/** The lines of a group with their values. A line without values from the server is the speed. */
export function linesOf(lines, rows) {
  return lines.map((line, index) => {
    if (!line.speed) return { ...line, ...(rows.lines[index] ?? { mean: [], low: [], high: [] }) };
    const mean = speeds(rows.images_seen, rows.seconds);
    return { ...line, mean, low: mean, high: mean };
  });
}

/** The chart in one sentence, for screen readers. */
export function described(title, images, lines) {
  if (!images.length) return `${title}: no values yet.`;
  const values = lines.map((line) => `${line.title} ${newest(line.mean)}`).join(" and ");
  return `${title} over images seen, up to ${grouped(images.at(-1))} images. Newest: ${values}.`;
}

function newest(values) {
  const known = values.findLast((value) => value !== null);
  return known === undefined ? "not a number" : significant(known, DESCRIBED_DIGITS);
}
