// The rows of the table as nodes.

import { make, makeButton } from "../shared/dom.js";
import { labelOf } from "./values.js";

const ARROWS = { ascending: " \u2191", descending: " \u2193", none: "" };

/** The row of titles. `sort(key)` is called by a title, `tickAll(checked)` by the box in front. */
export function makeHead(columns, view, all, sort, tickAll) {
  const row = make("tr");
  const box = makeBox("Tick all runs that are listed", all);
  box.onchange = () => tickAll(box.checked);
  const corner = make("th", "runs-table-tick");
  corner.append(box);
  row.append(corner, ...columns.map((column) => makeTitle(column, view, sort)));
  return row;
}

function makeTitle(column, view, sort) {
  const cell = make("th");
  cell.scope = "col";
  if (column.help) cell.title = column.help;
  if (!column.value) {
    cell.append(column.title);
    return cell;
  }
  const direction = orderOf(column, view);
  cell.setAttribute("aria-sort", direction);
  const button = makeButton("", `${column.title}${ARROWS[direction]}`);
  button.dataset.sort = column.key;
  button.onclick = () => sort(column.key);
  cell.append(button);
  return cell;
}

function orderOf(column, view) {
  if (view.sort !== column.key) return "none";
  return view.down ? "descending" : "ascending";
}

/** A row for each run. `shown` is the name of the run that the page shows. */
export function makeBody(rows, columns, ticked, shown) {
  return rows.map((row) => makeRow(row, columns, ticked.has(row.name), row.name === shown));
}

function makeRow(row, columns, ticked, shown) {
  const line = make("tr", shown ? "shown" : "");
  line.dataset.run = row.name;
  if (shown) line.setAttribute("aria-current", "true");
  const box = makeBox(`Tick ${labelOf(row)}`, ticked);
  box.dataset.run = row.name;
  const first = make("td", "runs-table-tick");
  first.append(box);
  line.append(first, ...columns.map((column) => makeCell(column, row)));
  return line;
}

function makeCell(column, row) {
  const cell = make("td");
  cell.dataset.column = column.key;
  column.fill(cell, row);
  return cell;
}

function makeBox(name, checked) {
  const box = make("input");
  box.type = "checkbox";
  box.checked = checked;
  box.setAttribute("aria-label", name);
  return box;
}
