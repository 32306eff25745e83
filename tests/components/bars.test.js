import assert from "node:assert/strict";
import { test } from "node:test";

import { barHeights } from "../../dashboard/components/sample_player/bars.js";

test("the largest count is as high as the diagram", () => {
  assert.deepEqual(barHeights([1, 4, 2, 0]), [25, 100, 50, 0]);
});

test("counts of nothing have no height", () => {
  assert.deepEqual(barHeights([0, 0]), [0, 0]);
});
