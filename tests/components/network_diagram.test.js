import assert from "node:assert/strict";
import { test } from "node:test";

import { blockSize } from "../../dashboard/components/network_diagram/block_size.js";

test("a picture is as tall as its pixels, up to 32", () => {
  assert.equal(blockSize([1, 16, 16]).tall, 3.25);
  assert.equal(blockSize([1, 32, 32]).tall, 6.5);
  assert.equal(blockSize([1, 128, 128]).tall, 6.5);
});

test("twice the channels are half a rem wider", () => {
  assert.equal(blockSize([127, 8, 8]).wide - blockSize([63, 8, 8]).wide, 0.5);
});

test("a flat layer is a thin bar whose height grows with its features", () => {
  assert.equal(blockSize([100]).wide, 0.5);
  assert.ok(blockSize([1024]).tall > blockSize([64]).tall);
});

test("the smallest block can still be seen", () => {
  assert.equal(blockSize([1, 1, 1]).tall, 0.5);
  assert.equal(blockSize([1]).tall, 6.5 / 11);
});
