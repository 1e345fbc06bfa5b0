import assert from "node:assert/strict";
import { test } from "node:test";
import { german } from "./de.ts";
import { english } from "./en.ts";
import { languageOf } from "./language.ts";

test("[ID51] pages speak the language that the browser asks for first, of those that they know", () => {
  const cases = {
    "de-AT,de;q=0.9,en;q=0.8": "de",
    "en-GB,de;q=0.9": "en",
    "fr,de;q=0.5,en;q=0.6": "en",
    "fr;q=1, de;q=0.1": "de",
    "de;q=0, en": "en",
    "*": "en",
    "": "en",
    ",;;q=x,": "en",
  } as const;
  for (const [header, language] of Object.entries(cases)) assert.equal(languageOf(header), language, header);
  assert.equal(languageOf(undefined), "en");
});

test("[ID51] nothing is said in one language only", () => {
  for (const [key, text] of Object.entries(german)) {
    const other = english[key as keyof typeof english];
    assert.equal(typeof text, typeof other, key);
    assert.ok(text !== "", key);
  }
});
