// The columns of the table: their titles, the value that they sort by, and how a cell shows it.

import { make } from "../shared/dom.js";
import { addressOfRun } from "../shared/run_feed.js";
import { dateText, differing, imagesText, labelOf, settingText, shareText, sizeText, timeText } from "./values.js";

export const PICTURE = "picture";

/** The columns for these rows: some for every run, with one for each setting in which the rows differ between them. */
export function columnsFor(rows, table) {
  const settings = differing(rows, table.columns).map((index) => ({
    key: table.columns[index].path,
    title: table.columns[index].title,
    value: (row) => row.settings[index] ?? null,
    fill: (cell, row) => cell.append(settingText(row.settings[index])),
  }));
  return [...first(table.score), ...settings, ...LAST];
}

function first(score) {
  return [
    { key: PICTURE, title: "Picture", fill: fillPicture },
    { key: "run", title: "Run", value: labelOf, fill: fillRun },
    { key: "status", title: "Status", value: (row) => row.word, fill: fillStatus },
    plain("images", "Images", (_, row) => imagesText(row)),
    { ...plain("score", `Best: ${score.title}`, shareText), help: score.help },
    plain("preset", "Preset"),
  ];
}

const LAST = [plain("seconds", "Time", timeText), plain("size", "Size", sizeText), plain("created", "Made", dateText)];

// a column that sorts by a value of the row and shows it as a text
function plain(key, title, text = String) {
  return { key, title, value: (row) => row[key], fill: (cell, row) => cell.append(text(row[key], row)) };
}

/** The address of a small part of the newest pictures of a run; the same address always gives the same picture. */
export function thumbnailOf(row) {
  return addressOfRun(row.name, "thumbnail.png", { version: `${row.created} ${row.sample}` });
}

function fillPicture(cell, row) {
  if (row.sample === null) return;
  const image = make("img", "runs-table-thumbnail");
  image.loading = "lazy";
  image.alt = `Pictures that the generator of run ${row.name} made last`;
  image.src = thumbnailOf(row);
  cell.append(image);
}

function fillRun(cell, row) {
  if (row.star) cell.append(make("span", "runs-table-star", "\u2605 "));
  const link = make("a", "", labelOf(row));
  link.href = `train?run=${encodeURIComponent(row.name)}`;
  cell.append(link, ...row.tags.map((tag) => make("span", "runs-table-tag", tag)));
}

function fillStatus(cell, row) {
  const badge = make("span", `runs-table-badge ${row.status}`, row.word);
  if (row.reason) badge.title = row.reason;
  cell.append(badge);
}
