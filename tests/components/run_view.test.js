import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { filmSide } from "../../dashboard/components/run_view/sizes.js";

const MNIST = 8 * 28; // pixels of a grid
const ABOVE = 121; // header, buttons, status, as the page has them
const SIDEBAR = 264;
const MARGINS = 32;

suite("the side of the film", () => {
  const beside = (width, height, open = true) =>
    filmSide({ width: width - (open ? SIDEBAR : 0) - MARGINS, height, above: ABOVE }, MNIST);

  test("is as drawn, whether the sidebar is open or not", () => {
    for (const open of [true, false]) {
      assert.equal(beside(1280, 720, open), 448);
      assert.equal(beside(1366, 768, open), 448);
      assert.equal(beside(1440, 900, open), 560);
      assert.equal(beside(1920, 1080, open), 672);
    }
  });

  test("is a multiple of half a screen pixel for each pixel of the grid", () => {
    for (let height = 500; height < 1200; height += 13) {
      for (const ratio of [1, 1.5, 2]) {
        const side = filmSide({ width: 1000, height, above: ABOVE }, MNIST, ratio);
        assert.equal((2 * side * ratio) % MNIST, 0);
      }
    }
  });

  test("fits a phone", () => {
    assert.equal(filmSide({ width: 358, height: 844, above: 0 }, MNIST), 336);
  });

  test("of a grid larger than the room is the room", () => {
    assert.equal(filmSide({ width: 1000, height: 720, above: ABOVE }, 8 * 128), 449);
  });
});
