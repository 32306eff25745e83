// The rows of the table as nodes.

import { make, makeButton, setChildren, takeLook } from "../shared/dom.js";
import { labelOf } from "./values.js";

const ARROWS = { ascending: " \u2191", descending: " \u2193", none: "" };

/** The row of titles; it is kept while it looks the same. `all`: whether every run that is listed is ticked. */
export function showHead(head, columns, view, all) {
  const wanted = make("tr");
  const corner = make("th", "runs-table-tick");
  corner.append(makeBox("Tick all runs that are listed"));
  wanted.append(corner, ...columns.map((column) => makeTitle(column, view)));
  if (!head.firstElementChild?.isEqualNode(wanted)) head.replaceChildren(wanted);
  head.querySelector("input").checked = all;
}

function makeTitle(column, view) {
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
  cell.append(button);
  return cell;
}

function orderOf(column, view) {
  if (view.sort !== column.key) return "none";
  return view.down ? "descending" : "ascending";
}

/** A row for each run; one that is there already is kept. `shown` is the name of the run that the page shows. */
export function showRows(body, rows, columns, ticked, shown) {
  const there = new Map([...body.children].map((line) => [line.dataset.run, line]));
  const lines = rows.map((row) => {
    const wanted = makeRow(row, columns, row.name === shown);
    const line = there.get(row.name) ?? wanted;
    if (line !== wanted) takeLook(line, wanted);
    line.querySelector("input").checked = ticked.has(row.name);
    return line;
  });
  setChildren(body, lines);
}

function makeRow(row, columns, shown) {
  const line = make("tr", shown ? "shown" : "");
  line.dataset.run = row.name;
  if (shown) line.setAttribute("aria-current", "true");
  const box = makeBox(`Tick ${labelOf(row)}`);
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

function makeBox(name) {
  const box = make("input");
  box.type = "checkbox";
  box.setAttribute("aria-label", name);
  return box;
}
