import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { between, clockOf, smoothed } from "../../dashboard/components/curves/plot.js";
import { Throttle } from "../../dashboard/components/curves/throttle.js";

suite("smoothing", () => {
  const images = Array.from({ length: 1001 }, (_, index) => index * 10);

  test("leaves a constant line as it is, from its first point on", () => {
    for (const value of smoothed(
      images,
      images.map(() => 3),
      0.9,
    ))
      assert.ok(Math.abs(value - 3) < 1e-12);
  });

  test("without strength, and of a single point, changes nothing", () => {
    const values = [1, 5];
    assert.equal(smoothed([0, 10], values, 0), values);
    assert.deepEqual(smoothed([7], [1], 0.9), [1]);
  });

  test("keeps gaps", () => {
    assert.equal(smoothed([0, 10, 20], [1, null, 3], 0.9)[1], null);
  });

  test("says the same of fine and of coarse points", () => {
    const line = (xs) => xs.map((x) => x / 10_000);
    const coarse = images.filter((_, index) => index % 4 === 0);
    const fine = smoothed(images, line(images), 0.95);
    const few = smoothed(coarse, line(coarse), 0.95);
    assert.ok(Math.abs(fine.at(-1) - few.at(-1)) < 0.003);
  });
});

suite("a line between points", () => {
  test("is straight between two points, and goes on beyond the ends as between them", () => {
    assert.equal(between([0, 10, 20], [0, 1, 4], 15), 2.5);
    assert.equal(between([0, 10, 20], [0, 1, 4], 40), 8);
  });

  test("through one point starts at zero", () => {
    assert.equal(between([10], [5], 20), 10);
    assert.equal(between([], [], 20), 0);
  });
});

suite("the horizontal axis", () => {
  const data = { images_seen: [0, 100, 200], seconds: [0, 400, 800], epoch_images: 50 };

  for (const unit of ["images", "epochs", "time"]) {
    test(`in ${unit} leads there and back`, () => {
      const clock = clockOf(unit, data);
      for (const x of [0, 30, 150, 200]) assert.ok(Math.abs(clock.from(clock.to(x)) - x) < 1e-9);
    });
  }

  test("counts time in the unit that fits it", () => {
    assert.equal(clockOf("time", data).title, "training time, minutes");
    assert.equal(clockOf("time", { ...data, seconds: [0, 50, 100] }).title, "training time, seconds");
    assert.equal(clockOf("time", { ...data, seconds: [0, 5_000, 10_000] }).title, "training time, hours");
  });

  test("is in images where no epoch is known", () => {
    assert.equal(clockOf("epochs", { ...data, epoch_images: null }).title, "images seen");
  });
});

suite("how often new rows are drawn", () => {
  function made() {
    const acts = [];
    return { acts, throttle: new Throttle((news) => acts.push(news)) };
  }

  test("shows the first news at once, and the newest after a pause of fifty times the drawing", async () => {
    const { acts, throttle } = made();
    throttle.hear("first");
    throttle.took(2);
    throttle.hear("second");
    throttle.hear("third");
    assert.deepEqual(acts, ["first"]);
    await pause(90);
    assert.deepEqual(acts, ["first"]);
    await pause(60);
    assert.deepEqual(acts, ["first", "third"]);
  });

  test("forgets the news and the pause when another run is shown", async () => {
    const { acts, throttle } = made();
    throttle.took(2);
    throttle.hear("of the run before");
    throttle.forget();
    throttle.hear("of this run");
    await pause(120);
    assert.deepEqual(acts, ["of this run"]);
  });
});
