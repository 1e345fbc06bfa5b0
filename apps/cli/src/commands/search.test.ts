import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeContext, runClient } from "./fake-context.fixture.ts";

test("[CL70] filters of a search are checked before the server is asked", async () => {
  for (const words of [
    ["--type", "picture"],
    ["--min-size", "large"],
    ["--after", "yesterday"],
    ["--limit", "0"],
  ]) {
    const context = fakeContext("/nowhere");
    assert.equal(await runClient(["search", "x", ...words], context), 2, words.join(" "));
  }
  const good = ["--type", "image,video", "--min-size", "1MiB", "--after", "2026-01-31", "--shared", "--in", "/docs"];
  assert.equal(await runClient(["search", "two", "words", ...good], fakeContext("/nowhere")), 3);
});
