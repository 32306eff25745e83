import assert from "node:assert/strict";
import { test } from "node:test";

import { frameAfter } from "../../dashboard/components/frame_player/order.js";

test("frames are played in order", () => {
  assert.equal(frameAfter(0, 2, false), 1);
  assert.equal(frameAfter(1, 2, true), 2);
});

test("after the last frame an animation ends, or starts again if it goes round", () => {
  assert.equal(frameAfter(2, 2, false), null);
  assert.equal(frameAfter(2, 2, true), 0);
});
