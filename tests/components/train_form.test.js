import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { SidebarFold } from "../../dashboard/components/train_form/sidebar_fold.js";

const ANSWERS = { folds: 0, stays: 0, folds_at_once: true };

// a document with one sidebar, which is open; pressed(selector) is a click on the button of that key
function withFold(what) {
  const clicks = [];
  const listeners = [];
  globalThis.document = {
    addEventListener: (_name, listener) => listeners.push(listener),
    removeEventListener: (_name, listener) => listeners.splice(listeners.indexOf(listener), 1),
    querySelector: () => ({ click: () => clicks.push("collapse") }),
  };
  globalThis.requestAnimationFrame = (callback) => callback();
  const node = { dataset: {} };
  const fold = new SidebarFold(node);
  fold.answer(ANSWERS);
  const press = (key) => {
    for (const listener of listeners) {
      listener({ target: { closest: (selectors) => selectors.includes(`.st-key-${key} `) } });
    }
  };
  what({ fold, press, clicks, listeners, hidden: () => "runStarts" in node.dataset });
  fold.end();
  delete globalThis.document;
  delete globalThis.requestAnimationFrame;
}

suite("the press of Start", () => {
  test("hides the sidebar at once, until the server has folded it", () => {
    withFold(({ fold, press, clicks, hidden }) => {
      press("train-start");
      assert.ok(hidden());

      fold.answer({ ...ANSWERS, folds_at_once: false }); // drawn before the press was handled
      assert.ok(hidden());
      fold.answer({ ...ANSWERS, folds: 1, folds_at_once: false });
      assert.ok(!hidden());
      assert.deepEqual(clicks, ["collapse"]);
    });
  });

  test("is taken back if the server refuses the run", () => {
    withFold(({ fold, press, clicks, hidden }) => {
      press("train-start_seeds");
      fold.answer({ ...ANSWERS, stays: 1 });

      assert.ok(!hidden());
      assert.deepEqual(clicks, []);
    });
  });

  test("leaves the sidebar where it is while another run trains, as any other click does", () => {
    withFold(({ fold, press, hidden }) => {
      press("train-compare");
      assert.ok(!hidden());
      fold.answer({ ...ANSWERS, folds_at_once: false });
      press("train-start");
      assert.ok(!hidden());
    });
  });

  test("is not waited for when the form has gone", () => {
    withFold(({ fold, press, listeners, hidden }) => {
      press("train-start");
      fold.end();
      assert.ok(!hidden());
      assert.equal(listeners.length, 0);
    });
  });
});
