import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, suite, test } from "node:test";

import { SamplePlayer } from "../../dashboard/components/sample_player/index.js";
import { follow } from "../../dashboard/components/shared/run_feed.js";

const STATUS = { status: "finished", samples: { attempt: 1, number: 2, newest: 640 }, live: null };
const LIST = { mark: STATUS.samples, images: [0, 640], epochs: [0, 4], life: [0, 640], moments: [0, 640] };

// lets promises settle between the ticks of the clock
async function pass(milliseconds) {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  mock.timers.tick(milliseconds);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

function answers(...given) {
  const asked = [];
  globalThis.fetch = async (address) => {
    asked.push(address);
    const answer = given[Math.min(asked.length, given.length) - 1];
    if (answer instanceof Error) throw answer;
    return { ok: true, json: async () => answer };
  };
  return asked;
}

suite("after an answer that was lost on a busy machine", () => {
  beforeEach(() => {
    globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
    mock.timers.enable({ apis: ["setTimeout"] });
  });

  afterEach(() => {
    mock.timers.reset();
    delete globalThis.document;
  });

  test("the status of a finished run is asked for again, and no more once it has come", async () => {
    const asked = answers(new Error("lost"), new Error("lost"), STATUS);
    const heard = [];
    const feed = follow("mine", (status) => heard.push(status));
    feed.expect(false, 1);
    for (let second = 0; second < 6; second++) await pass(1000);
    feed.end();

    assert.deepEqual(heard, [STATUS]);
    assert.equal(asked.length, 3);
  });

  test("the list of the pictures of a finished run is asked for again", async () => {
    const asked = answers(new Error("lost"), LIST);
    const page = { run: "mine", active: false };
    const player = Object.assign(Object.create(SamplePlayer.prototype), {
      page,
      samples: { images: [], epochs: [] },
      mark: { attempt: 0, number: 0, newest: -1 },
      livePicture: { heard() {}, offered: null },
      render() {},
      take(mark, samples) {
        Object.assign(this, { mark, samples });
      },
    });
    Object.defineProperty(player, "showsLive", { value: false });
    player.heard(STATUS);
    for (let second = 0; second < 4; second++) await pass(1000);

    assert.deepEqual(player.samples.images, [0, 640]);
    assert.equal(asked.length, 2);
  });
});
