import assert from "node:assert/strict";
import { test } from "node:test";

import { toCanvas } from "../../dashboard/components/drawing_pad/position.js";

test("a pointer on a canvas that is drawn at half its size counts twice", () => {
  const box = { left: 100, top: 50, width: 140, height: 140 };
  assert.deepEqual(toCanvas({ clientX: 100, clientY: 50 }, box, 280), [0, 0]);
  assert.deepEqual(toCanvas({ clientX: 170, clientY: 190 }, box, 280), [140, 280]);
});
