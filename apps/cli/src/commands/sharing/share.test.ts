import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeContext, runClient } from "../fake-context.fixture.ts";

test("[CL61] a role that there isn't is wrong usage, and nobody can be invited as the owner", async () => {
  for (const words of [
    ["invite", "/plans", "bob", "--role", "boss"],
    ["invite", "/plans", "bob", "--role", "owner"],
    ["role", "/plans", "bob", "boss"],
  ]) {
    const context = fakeContext("/nowhere");
    assert.equal(await runClient(["share", ...words], context), 2, words.join(" "));
    assert.match(context.terminal.notes.join("\n"), /is no role: it is one of viewer, editor/);
  }
});

test("[CL61] sharing needs a login", async () => {
  for (const words of [["list"], ["invite", "/plans", "bob"], ["accept", "plans"], ["leave", "/plans"]]) {
    const context = fakeContext("/nowhere");
    assert.equal(await runClient(["share", ...words], context), 3, words.join(" "));
  }
});

test("[CL61] a link's times and number of downloads are checked before anything is made", async () => {
  for (const words of [
    ["--until", "tomorrow"],
    ["--from", "7w"],
    ["--downloads", "0"],
    ["--downloads", "many"],
  ]) {
    const context = fakeContext("/nowhere");
    assert.equal(await runClient(["share", "link", "/plans", ...words], context), 2, words.join(" "));
  }
  const context = fakeContext("/nowhere");
  assert.equal(await runClient(["share", "link", "/plans", "--until", "7d", "--downloads", "3"], context), 3);
});
