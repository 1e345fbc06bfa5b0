import assert from "node:assert/strict";
import { test } from "node:test";
import { maxMentions } from "@satchel/protocol";
import { findMentions } from "./find-mentions.ts";

test("[CM6] names behind an @ are mentions, each once, and what ends a sentence is no part of them", () => {
  assert.deepEqual(findMentions("@ann, ask @bob.smith. And @ann again (@c-d)!"), ["ann", "bob.smith", "c-d"]);
  assert.deepEqual(findMentions("write to ann@example.org, at @ or @@"), []);
  const many = Array.from({ length: 30 }, (_, nth) => `@user${nth}`).join(" ");
  assert.equal(findMentions(many).length, maxMentions);
});
