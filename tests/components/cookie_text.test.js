import assert from "node:assert/strict";
import { test } from "node:test";
import { cookieText } from "../../dashboard/components/shared/cookie_text.js";

const COOKIE = { name: "draft", path: "/studio" };

test("a cookie is kept for a year", () => {
  const text = cookieText({ ...COOKIE, value: "abc" });
  assert.equal(text, "draft=abc; path=/studio; max-age=31536000; SameSite=Lax");
});

test("an empty value removes the cookie", () => {
  assert.match(cookieText({ ...COOKIE, value: "" }), /max-age=0;/);
});
