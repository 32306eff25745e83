import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { Room } from "../../dashboard/components/train_form/room.js";

const ANSWERS = { folds: 0, stays: 0, leaves_at_once: true };

// a document with one sidebar, which is open; pressed(selector) is a click on the button of that key
function withRoom(what) {
  const clicks = [];
  const listeners = [];
  globalThis.document = {
    addEventListener: (_name, listener) => listeners.push(listener),
    removeEventListener: (_name, listener) => listeners.splice(listeners.indexOf(listener), 1),
    querySelector: () => ({ click: () => clicks.push("collapse") }),
  };
  globalThis.requestAnimationFrame = (callback) => callback();
  const node = { dataset: {} };
  const room = new Room(node);
  room.hear(ANSWERS);
  const press = (key) => {
    for (const listener of listeners) {
      listener({ target: { closest: (selectors) => selectors.includes(`.st-key-${key} `) } });
    }
  };
  what({ room, press, clicks, listeners, hidden: () => "runStarts" in node.dataset });
  room.end();
  delete globalThis.document;
  delete globalThis.requestAnimationFrame;
}

suite("the press of Start", () => {
  test("hides the sidebar at once, until the server has folded it", () => {
    withRoom(({ room, press, clicks, hidden }) => {
      press("train-start");
      assert.ok(hidden());

      room.hear({ ...ANSWERS, leaves_at_once: false }); // drawn before the press was handled
      assert.ok(hidden());
      room.hear({ ...ANSWERS, folds: 1, leaves_at_once: false });
      assert.ok(!hidden());
      assert.deepEqual(clicks, ["collapse"]);
    });
  });

  test("is taken back if the server refuses the run", () => {
    withRoom(({ room, press, clicks, hidden }) => {
      press("train-start_seeds");
      room.hear({ ...ANSWERS, stays: 1 });

      assert.ok(!hidden());
      assert.deepEqual(clicks, []);
    });
  });

  test("leaves the sidebar where it is while another run trains, as any other click does", () => {
    withRoom(({ room, press, hidden }) => {
      press("train-compare");
      assert.ok(!hidden());
      room.hear({ ...ANSWERS, leaves_at_once: false });
      press("train-start");
      assert.ok(!hidden());
    });
  });

  test("is not waited for when the form has gone", () => {
    withRoom(({ room, press, listeners, hidden }) => {
      press("train-start");
      room.end();
      assert.ok(!hidden());
      assert.equal(listeners.length, 0);
    });
  });
});
