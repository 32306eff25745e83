// The rows of curves in the browser: what is kept, what is asked for, what takes the place of what.

import assert from "node:assert/strict";
import { test } from "node:test";

import { merged, Rows, speeds } from "../../dashboard/components/curves/rows.js";
import { described, linesOf } from "../../dashboard/components/curves/values.js";

function answer(steps, { attempt = 1, bucket = 1, keep_below = 0 } = {}) {
  const values = steps.map((step) => step / 10);
  return {
    attempt,
    bucket,
    keep_below,
    step: steps,
    images_seen: steps.map((step) => step * 64),
    seconds: values,
    lines: [{ mean: values, low: values, high: values }],
  };
}

test("without rows everything is asked for, later only what follows the last row", () => {
  const rows = new Rows();
  assert.deepEqual(rows.query, {});

  rows.take(answer([1, 2, 3]));

  assert.deepEqual(rows.query, { attempt: 1, bucket: 1, after: 3 });
});

test("new rows are put behind those that are kept", () => {
  const rows = new Rows();
  rows.take(answer([7, 15, 19], { bucket: 8 }));

  rows.take(answer([23, 31, 33], { bucket: 8, keep_below: 16 }));

  assert.deepEqual(rows.step, [7, 15, 23, 31, 33]);
  assert.deepEqual(rows.lines[0].mean, [0.7, 1.5, 2.3, 3.1, 3.3]);
  assert.deepEqual(rows.images_seen.at(-1), 33 * 64);
});

test("rows of another attempt or of larger buckets take the place of all", () => {
  const rows = new Rows();
  rows.take(answer([1, 2, 3, 4]));

  rows.take(answer([7, 9], { attempt: 2, bucket: 8 }));

  assert.deepEqual(rows.step, [7, 9]);
  assert.deepEqual(rows.query, { attempt: 2, bucket: 8, after: 9 });
});

test("the steps of a part take the place of the coarse rows there", () => {
  const [whole, part] = [new Rows(), new Rows()];
  whole.take(answer([7, 15, 23, 31], { bucket: 8 }));
  part.take(answer([10, 11, 12, 13, 14, 15, 16]));

  const both = merged(whole, part);

  assert.deepEqual(both.step, [7, 10, 11, 12, 13, 14, 15, 16, 23, 31]);
  assert.deepEqual(both.lines[0].low.length, both.step.length);
  assert.equal(merged(whole, new Rows()), whole);
});

test("a speed is that of the last second, or since the row before", () => {
  const found = speeds([50, 100, 150, 250, 850], [0.5, 1.0, 1.5, 2.0, 4.0]);

  // the last second of 1.5 begins at 0.5, that of 2.0 at 1.0; since 2.0 two seconds have passed
  assert.deepEqual(found, [null, 100, 100, 150, 300]);
});

test("a clock that stands still has no speed", () => {
  assert.deepEqual(speeds([50, 100], [1, 1]), [null, null]);
});

test("lines get their values in order, and the speed is computed from the clocks", () => {
  const rows = new Rows();
  rows.take(answer([1, 2, 3]));
  const [loss] = linesOf([{ title: "Loss", tone: "plain" }], rows);
  const [speed] = linesOf([{ title: "Speed", tone: "plain", speed: true }], rows);

  assert.deepEqual(loss.mean, [0.1, 0.2, 0.3]);
  assert.equal(speed.mean[0], null);
});

test("a chart is described in a sentence with its newest values", () => {
  const lines = [
    { title: "Discriminator", mean: [1.23456, null] },
    { title: "Generator", mean: [null, null] },
  ];

  assert.equal(
    described("Losses", [64, 128000], lines),
    "Losses over images seen, up to 128,000 images. Newest: Discriminator 1.23 and Generator not a number.",
  );
  assert.equal(described("Losses", [], []), "Losses: no values yet.");
});
