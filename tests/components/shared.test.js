import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { trackShares } from "../../dashboard/components/shared/dom.js";
import { mounted } from "../../dashboard/components/shared/mount.js";
import { fixed, grouped, significant, withMinus } from "../../dashboard/components/shared/numbers.js";
import { unpack } from "../../dashboard/components/shared/pixels.js";
import { lastAtMost, nearest } from "../../dashboard/components/shared/search.js";
import { addressOf } from "../../dashboard/components/shared/server.js";
import { listed } from "../../dashboard/components/shared/theme.js";

suite("numbers as texts", () => {
  test("thousands are grouped and fractions rounded", () => {
    assert.equal(grouped(1234567), "1,234,567");
    assert.equal(grouped(999.6), "1,000");
  });

  test("negative numbers have a true minus sign", () => {
    assert.equal(fixed(-0.5), "\u22120.50");
    assert.equal(fixed(2, 1), "2.0");
    assert.equal(withMinus("A-B"), "A\u2212B");
  });

  test("significant digits are kept, and a missing number is a dash", () => {
    assert.equal(significant(0.00123456), "0.001235");
    assert.equal(significant(-123456), "\u2212123500");
    assert.equal(significant(67_950_000_000_000), "6.8e13");
    assert.equal(significant(-0.0000012), "\u22121.2e\u22126");
    assert.equal(significant(null), "\u2013");
    assert.equal(significant(undefined), "\u2013");
  });
});

suite("binary search", () => {
  const numbers = [0, 10, 10, 20];

  test("finds the last number that is at most the wanted one", () => {
    assert.deepEqual(
      [-1, 0, 9, 10, 19, 20, 99].map((x) => lastAtMost(numbers, x)),
      [-1, 0, 0, 2, 2, 3, 3],
    );
    assert.equal(lastAtMost([], 5), -1);
  });

  test("finds the nearest number, of two the first", () => {
    assert.deepEqual(
      [-5, 4, 6, 15, 16, 99].map((x) => nearest([0, 10, 20], x)),
      [0, 0, 1, 1, 2, 2],
    );
  });

  test("agrees with a linear search", () => {
    const squares = Array.from({ length: 50 }, (_, index) => index * index);
    for (let x = -1; x < 2500; x += 7) {
      assert.equal(lastAtMost(squares, x), squares.filter((square) => square <= x).length - 1);
    }
  });
});

suite("pixels", () => {
  const block = (bytes, width, height, channels) => ({
    pixels: btoa(String.fromCharCode(...bytes)),
    width,
    height,
    channels,
  });

  test("grey pictures become red, green and blue of the same value", () => {
    const [one, two] = unpack(block([0, 128, 7, 255], 2, 1, 1));
    assert.deepEqual([...one], [0, 0, 0, 255, 128, 128, 128, 255]);
    assert.deepEqual([...two], [7, 7, 7, 255, 255, 255, 255, 255]);
  });

  test("coloured pictures keep their channels", () => {
    assert.deepEqual([...unpack(block([1, 2, 3, 4, 5, 6], 1, 2, 3))[0]], [1, 2, 3, 255, 4, 5, 6, 255]);
  });

  test("a block may be empty", () => {
    assert.deepEqual(unpack(block([], 4, 4, 1)), []);
  });
});

suite("the track of a slider", () => {
  test("is coloured between two values, the smaller first", () => {
    assert.deepEqual(trackShares(-4, 4, 0, 2), [50, 75]);
    assert.deepEqual(trackShares(-4, 4, 0, -4), [0, 50]);
  });

  test("is not coloured beyond its ends, nor where it has no length", () => {
    assert.deepEqual(trackShares(0, 1, -3, 9), [0, 100]);
    assert.deepEqual(trackShares(0, 0, 0, 0), [0, 0]);
  });
});

suite("the theme", () => {
  test("a list of colours may hold colours with commas", () => {
    assert.deepEqual(listed(" #b04a06, rgb(1, 2, 3) ,red"), ["#b04a06", "rgb(1, 2, 3)", "red"]);
    assert.deepEqual(listed(""), []);
  });
});

suite("the server", () => {
  test("addresses are relative to the folder above the components and their version", () => {
    const shared = new URL("../../dashboard/components/shared/", import.meta.url);
    assert.equal(addressOf("live"), new URL("../../../live", shared).href);
  });
});

suite("a mounted component", () => {
  class View {
    static made = [];
    calls = [];
    left = 0;

    constructor(root) {
      this.root = root;
      View.made.push(this);
    }

    update({ data }) {
      this.calls.push(data);
    }

    leave() {
      this.left += 1;
    }
  }

  const root = { isConnected: true };
  const parentElement = { querySelector: () => root };

  test("has one view for all calls, and is left once, when its root is removed", () => {
    const draw = mounted(".root", View);
    const overtaken = draw({ data: 1, parentElement });
    const newest = draw({ data: 2, parentElement });
    const [view] = View.made;
    assert.equal(View.made.length, 1);
    assert.deepEqual(view.calls, [1, 2]);

    overtaken();
    assert.equal(view.left, 0, "a newer call has overtaken the first, and the root is still there");
    root.isConnected = false;
    newest();
    newest();
    assert.equal(view.left, 1);
  });

  test("starts anew when its root comes back", () => {
    root.isConnected = true;
    mounted(".root", View)({ data: 3, parentElement });
    assert.deepEqual(View.made.at(-1).calls, [3]);
  });
});
