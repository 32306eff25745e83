import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { thinned } from "../../dashboard/components/sample_player/frames.js";

suite("a thinned list", () => {
  const marks = (count) => Array.from({ length: count }, (_, index) => index);

  test("is the whole list where that is short enough", () => {
    assert.deepEqual(thinned(marks(5), 5), [0, 1, 2, 3, 4]);
  });

  test("keeps the first and the last entry and never has more than it may", () => {
    for (let count = 1; count < 300; count += 1) {
      const kept = thinned(marks(count), 60);
      assert.ok(kept.length <= 60);
      assert.deepEqual([kept[0], kept.at(-1)], [0, count - 1]);
    }
  });

  test("keeps what it kept before, while the list grows, but for the last entry", () => {
    const before = thinned(marks(100), 60).slice(0, -1);
    assert.ok(before.every((mark) => thinned(marks(110), 60).includes(mark)));
  });
});
