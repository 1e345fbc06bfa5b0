import assert from "node:assert/strict";
import { test } from "node:test";
import { parseServerUrl } from "./sign-in.ts";

test("[CL12] an address without a scheme means https, and a slash at its end is dropped", () => {
  const cases = {
    "satchel.example.org": "https://satchel.example.org",
    "http://127.0.0.1:7420": "http://127.0.0.1:7420",
    "https://example.org/satchel/": "https://example.org/satchel",
    "localhost:7420": "https://localhost:7420",
  };
  for (const [text, url] of Object.entries(cases)) assert.equal(parseServerUrl(text), url);
});

test("[CL12] what is no server's address is wrong usage", () => {
  for (const text of [
    "",
    "ftp://example.org",
    "https://",
    "https://user@example.org",
    "https://example.org/?x=1",
    "a b",
  ]) {
    assert.throws(() => parseServerUrl(text), { name: "CommandError", exitCode: 2 }, text);
  }
});
