import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { keepEntriesFew, replaces } from "../../dashboard/components/header/history.js";

const at = (path) => new URL(path, "http://localhost/");

suite("a new address", () => {
  test("replaces the present one while the same page shows the same run", () => {
    assert.ok(replaces(at("/latent?run=a"), at("/latent?run=a&x=A")));
    assert.ok(!replaces(at("/latent?run=a"), at("/latent?run=b")));
    assert.ok(!replaces(at("/train?run=a"), at("/latent?run=a")));
  });

  test("replaces one that only redirects: the front door, and a page without a run", () => {
    assert.ok(replaces(at("/"), at("/train")));
    assert.ok(replaces(at("/studio/"), at("/studio/train?run=a")));
    assert.ok(replaces(at("/train"), at("/train?run=a")));
    assert.ok(!replaces(at("/train"), at("/runs")));
  });
});

suite("the history of the browser", () => {
  test("gets one entry for each page and run", () => {
    const calls = [];
    const location = { href: "http://localhost/train?run=a" };
    const note = (name) => (_state, _title, address) => calls.push([name, address]);
    const history = { pushState: note("push"), replaceState: note("replace") };
    keepEntriesFew(history, location);

    history.pushState({}, "", "/train?run=a&at=5");
    history.pushState({}, "", "/latent?run=a");

    assert.deepEqual(calls, [
      ["replace", "/train?run=a&at=5"],
      ["push", "/latent?run=a"],
    ]);
  });
});
