import assert from "node:assert/strict";
import { suite, test } from "node:test";

import * as values from "../../dashboard/components/runs_table/values.js";

const row = (name, more = {}) => ({
  name,
  title: "",
  tags: [],
  star: false,
  archived: false,
  status: "stopped",
  word: "Stopped",
  preset: "mlp",
  size: 1000,
  settings: [],
  ...more,
});
const names = (rows) => rows.map((each) => each.name);
const seen = (view) => ({ ...values.FIRST_VIEW, ...view });

suite("search and filter", () => {
  const rows = [
    row("wide", { tags: ["keep"] }),
    row("narrow", { title: "Round sixes", tags: ["keep", "other"] }),
    row("third", { preset: "dcgan", status: "queued", word: "Waiting" }),
    row("old", { archived: true }),
  ];
  const sought = {
    "": ["wide", "narrow", "third"],
    round: ["narrow"],
    NARROW: ["narrow"],
    keep: ["wide", "narrow"],
    "keep wide": ["wide"],
    dcgan: ["third"],
    waiting: ["third"],
    nothing: [],
  };

  test("find title, name, tag, preset and status", () => {
    for (const [q, found] of Object.entries(sought)) {
      assert.deepEqual(names(values.matching(rows, seen({ q }))), found);
    }
  });

  test("show archived runs only on request", () => {
    assert.deepEqual(names(values.matching(rows, seen({ kept: "archived" }))), ["old"]);
    assert.equal(values.matching(rows, seen({ kept: "all" })).length, 4);
  });

  test("show one status", () => {
    assert.deepEqual(names(values.matching(rows, seen({ status: "queued" }))), ["third"]);
  });
});

suite("the order", () => {
  const rows = [
    row("new", { images: 5 }),
    row("middle", { images: 9 }),
    row("old", { star: true, images: 1 }),
    row("none", { images: null }),
  ];
  const images = { value: (each) => each.images };

  test("has starred runs first, then the newest", () => {
    assert.deepEqual(names(values.sorted(rows, undefined, false)), ["old", "new", "middle", "none"]);
  });

  test("has runs without a value last, in both directions", () => {
    assert.deepEqual(names(values.sorted(rows, images, false)), ["old", "new", "middle", "none"]);
    assert.deepEqual(names(values.sorted(rows, images, true)), ["old", "middle", "new", "none"]);
  });

  test("of texts counts numbers in them as numbers", () => {
    const runs = [row("run-10"), row("run-9")];
    assert.deepEqual(names(values.sorted(runs, { value: values.labelOf }, false)), ["run-9", "run-10"]);
  });
});

suite("a column of a setting", () => {
  const columns = [{ path: "optim.lr_g" }, { path: "train.seed" }, { path: "model.generator.widths" }];

  test("is shown if the rows differ in it", () => {
    const rows = [row("a", { settings: [0.1, 1, [8, 8]] }), row("b", { settings: [0.2, 1, [8, 8]] })];
    assert.deepEqual(values.differing(rows, columns), [0]);
    assert.deepEqual(values.differing([], columns), []);
  });
});

suite("the text of a cell", () => {
  test("of a setting", () => {
    assert.equal(values.settingText(null), "\u2013");
    assert.equal(values.settingText(true), "yes");
    assert.equal(values.settingText([8, 16]), "8, 16");
    assert.equal(values.settingText(60_000), "60,000");
    assert.equal(values.settingText(0.0002), "0.0002");
  });

  test("of a share, a time, a size, images", () => {
    assert.equal(values.shareText(0.755), "75.5 %");
    assert.equal(values.timeText(65), "1 min 5 s");
    assert.equal(values.timeText(3725), "1 h 2 min");
    assert.equal(values.sizeText(36_581_294), "37 MB");
    assert.equal(values.sizeText(1_234), "1.2 kB");
    assert.equal(values.imagesText({ images: 640, target: 640 }), "640");
    assert.equal(values.imagesText({ images: 640, target: 60_000 }), "640 of 60,000");
  });

  test("of the count below the search", () => {
    const rows = [row("a"), row("b")];
    assert.equal(values.countText(rows, rows), "2 runs, 2.0 kB on disk");
    assert.equal(values.countText(rows.slice(1), rows), "1 of 2 runs, 1.0 kB on disk");
  });
});
