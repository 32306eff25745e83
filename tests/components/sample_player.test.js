import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { SamplePlayer } from "../../dashboard/components/sample_player/index.js";
import { shareOf } from "../../dashboard/components/sample_player/view.js";

suite("the place of a pinned snapshot on the time line", () => {
  test("of a sample is that of the sample", () => {
    assert.equal(shareOf(200, [0, 100, 200]), 1);
    assert.equal(shareOf(100, [0, 100, 200]), 0.5);
    assert.equal(shareOf(0, [0, 100, 200]), 0);
  });

  test("between two samples is between them", () => {
    assert.equal(shareOf(50, [0, 100, 200]), 0.25);
  });

  test("beyond the last sample is the end, and without two samples the start", () => {
    assert.equal(shareOf(900, [0, 100, 200]), 1);
    assert.equal(shareOf(50, [0]), 0);
  });
});

suite("the picture that stands in for a sample", () => {
  const stands = (images, missing, index) =>
    SamplePlayer.prototype.standIn.call({ samples: { images }, frames: { missing: new Set(missing) } }, index);

  test("is its own if its file is there", () => {
    assert.equal(stands([0, 100, 200], [], 1), 1);
  });

  test("is the nearest one with a file, the earlier one first", () => {
    assert.equal(stands([0, 100, 200], [100], 1), 0);
    assert.equal(stands([0, 100, 200], [0, 100], 1), 2);
  });

  test("is none without any sample", () => {
    assert.equal(stands([], [], 0), -1);
  });
});
