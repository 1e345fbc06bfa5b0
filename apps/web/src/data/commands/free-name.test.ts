import assert from "node:assert/strict";
import { test } from "node:test";
import { maxNameBytes, utf8ByteLength } from "@satchel/protocol";
import { freeName } from "./free-name.ts";

test("[WB6] a taken name gets the first free number, before its extension", () => {
  assert.equal(freeName("a.txt", new Set()), "a.txt");
  assert.equal(freeName("a.txt", new Set(["a.txt"])), "a (2).txt");
  assert.equal(freeName("a.txt", new Set(["a.txt", "a (2).txt"])), "a (3).txt");
  assert.equal(freeName(".profile", new Set([".profile"])), ".profile (2)");
  assert.equal(freeName("notes", new Set(["notes"])), "notes (2)");
});

test("[WB6] a name at the limit is shortened by whole characters", () => {
  const long = `${"ü".repeat(125)}.txt`;
  const free = freeName(long, new Set([long]));
  assert.ok(utf8ByteLength(free) <= maxNameBytes);
  assert.match(free, /^ü+ \(2\)\.txt$/u);
  const nearlyAllExtension = `a.${"x".repeat(253)}`;
  assert.match(freeName(nearlyAllExtension, new Set([nearlyAllExtension])), /^a\.x+ \(2\)$/u);
});
