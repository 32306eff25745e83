import assert from "node:assert/strict";
import { afterEach, beforeEach, suite, test } from "node:test";

import draw from "../../dashboard/components/shortcuts/index.js";
import { isShortcut } from "../../dashboard/components/shortcuts/keys.js";

function press(key, options = {}, path = [{ tagName: "BODY" }]) {
  return Object.assign(new Event("keydown", { cancelable: true }), { key, ...options, composedPath: () => path });
}

suite("a shortcut", () => {
  test("is its key alone", () => {
    assert.ok(isShortcut(press("?", { shiftKey: true }), "?"));
    assert.ok(!isShortcut(press("/"), "?"));
    for (const held of ["ctrlKey", "metaKey", "altKey"]) assert.ok(!isShortcut(press("?", { [held]: true }), "?"));
  });

  test("is no key that is typed into a field, also inside a shadow tree", () => {
    for (const tagName of ["INPUT", "TEXTAREA", "SELECT"]) {
      assert.ok(!isShortcut(press("?", {}, [{ tagName }, { tagName: "DIV" }]), "?"));
    }
    assert.ok(!isShortcut(press("?", {}, [{ tagName: "P" }, { tagName: "DIV", isContentEditable: true }]), "?"));
  });
});

suite("a key that presses a button", () => {
  let clicks;
  let root;
  const call = (opens) => ({
    data: { presses: { "?": `.${opens} button` }, cookie: { name: "keys", path: "/", value: "off" } },
    parentElement: { querySelector: () => root },
  });

  beforeEach(() => {
    clicks = [];
    root = { isConnected: true };
    globalThis.document = Object.assign(new EventTarget(), {
      querySelector: (selector) => ({ focus: () => {}, click: () => clicks.push(selector) }),
    });
    globalThis.MutationObserver = class {
      observe() {}
      disconnect() {}
    };
  });

  afterEach(() => {
    delete globalThis.document;
    delete globalThis.MutationObserver;
  });

  test("presses it once for each press, however often the theme has changed", () => {
    for (let change = 0; change < 5; change += 1) draw(call("help"));
    document.dispatchEvent(press("?"));
    assert.deepEqual(clicks, [".help button"]);
  });

  test("presses no more once the component is removed", () => {
    const leave = draw(call("help"));
    root.isConnected = false;
    leave();
    document.dispatchEvent(press("?"));
    assert.deepEqual(clicks, []);
  });

  test("keeps the choice of the visitor in a cookie", () => {
    draw(call("help"));
    assert.match(document.cookie, /^keys=off; path=\/;/);
  });

  test("keeps the key from doing anything else", () => {
    draw(call("help"));
    const pressed = press("?");
    document.dispatchEvent(pressed);
    assert.ok(pressed.defaultPrevented);
  });
});
