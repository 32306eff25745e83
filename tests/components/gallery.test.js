import assert from "node:assert/strict";
import { test } from "node:test";

import { neighbour, tracks } from "../../dashboard/components/gallery/neighbour.js";

const ROWS = tracks({ gridAutoFlow: "row", gridTemplateColumns: "50px 50px 50px", gridTemplateRows: "50px 50px" });
const COLUMNS = tracks({ gridAutoFlow: "column", gridTemplateColumns: "none", gridTemplateRows: "50px 50px" });

test("in rows the cell to the right is the next one, and the one below is a row further", () => {
  assert.equal(neighbour("ArrowRight", 0, 6, ROWS), 1);
  assert.equal(neighbour("ArrowDown", 0, 6, ROWS), 3);
  assert.equal(neighbour("ArrowUp", 4, 6, ROWS), 1);
  assert.equal(neighbour("ArrowLeft", 4, 6, ROWS), 3);
});

test("in columns the cell below is the next one, and the one to the right is a column further", () => {
  assert.equal(neighbour("ArrowDown", 0, 6, COLUMNS), 1);
  assert.equal(neighbour("ArrowRight", 0, 6, COLUMNS), 2);
});

test("beyond the first and the last cell there is no neighbour", () => {
  assert.equal(neighbour("ArrowLeft", 0, 6, ROWS), null);
  assert.equal(neighbour("ArrowDown", 3, 6, ROWS), null);
});

test("no other key leads anywhere", () => {
  assert.equal(neighbour("Enter", 0, 6, ROWS), null);
});
