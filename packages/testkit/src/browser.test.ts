import assert from "node:assert/strict";
import { test } from "node:test";
import { findBrowser } from "./browser.ts";

test("[TK6] a browser that is named has to be there; no other one stands in for it", () => {
  assert.equal(findBrowser({ SATCHEL_CHROMIUM: process.execPath }), process.execPath);
  assert.equal(findBrowser({ SATCHEL_CHROMIUM: "/nowhere/chromium" }), undefined);
});
