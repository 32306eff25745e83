// Which runs the table shows, in which order, and the text of each cell.

import { grouped } from "../shared/numbers.js";

const NOTHING = "\u2013";
const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** What a person has chosen to see. `sort` is the key of a column; newest first without one. */
export const FIRST_VIEW = { q: "", status: "", kept: "", sort: "", down: "" };

/** `Title · name`, or the name alone: what a run is called everywhere. */
export function labelOf(row) {
  return row.title ? `${row.title} \u00b7 ${row.name}` : row.name;
}

/** The rows that contain every word, have the status, and are archived or not. */
export function matching(rows, view) {
  const words = view.q.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (view.kept !== "all" && row.archived !== (view.kept === "archived")) return false;
    if (view.status && row.status !== view.status) return false;
    const text = searched(row);
    return words.every((word) => text.includes(word));
  });
}

function searched(row) {
  return [row.name, row.title, row.preset, row.status, row.word, ...row.tags].join("\n").toLowerCase();
}

/** The rows in the order of a column, those without a value last; runs with a star come first. */
export function sorted(rows, column, down) {
  const sign = down ? -1 : 1;
  const order = (one, other) => {
    if (one.star !== other.star) return one.star ? -1 : 1;
    return column ? compared(column.value(one), column.value(other), sign) : 0;
  };
  return [...rows].sort(order);
}

function compared(one, other, sign) {
  const missing = (one === null) - (other === null);
  if (missing) return missing;
  if (typeof one === "number" && typeof other === "number") return sign * (one - other);
  return sign * String(one).localeCompare(String(other), "en", { numeric: true });
}

/** Indices of the columns of settings in which the rows differ. */
export function differing(rows, columns) {
  return [...columns.keys()].filter((index) => {
    const first = JSON.stringify(rows[0]?.settings[index]);
    return rows.some((row) => JSON.stringify(row.settings[index]) !== first);
  });
}

/** A setting as text. */
export function settingText(value) {
  if (value === null || value === undefined) return NOTHING;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.join(", ");
  if (Number.isInteger(value) && value >= 10_000) return grouped(value);
  return String(value);
}

/** A share of 1 as a percentage. */
export function shareText(share) {
  return share === null ? NOTHING : `${(100 * share).toFixed(1)} %`;
}

/** 3725 as "1 h 2 min". */
export function timeText(seconds) {
  const whole = Math.round(seconds);
  if (!whole) return NOTHING;
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 36581294 as "37 MB". */
export function sizeText(bytes) {
  if (bytes === null) return NOTHING;
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const number = bytes / 1000 ** step;
  return `${number.toFixed(step && number < 9.95 ? 1 : 0)} ${UNITS[step]}`;
}

/** The images that a run was shown, and how many it is meant to be shown unless that is the same. */
export function imagesText(row) {
  return row.images === row.target ? grouped(row.images) : `${grouped(row.images)} of ${grouped(row.target)}`;
}

/** When a run was made, in local time to the minute. */
export function dateText(iso) {
  const then = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  const day = `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
  return `${day} ${two(then.getHours())}:${two(then.getMinutes())}`;
}

/** "3 of 60 runs, 1.2 GB". */
export function countText(shown, rows) {
  const sizes = shown.map((row) => row.size ?? 0);
  const all = `${grouped(rows.length)} ${rows.length === 1 ? "run" : "runs"}`;
  const count = shown.length === rows.length ? all : `${grouped(shown.length)} of ${all}`;
  return `${count}, ${sizeText(sizes.reduce((sum, size) => sum + size, 0))} on disk`;
}
