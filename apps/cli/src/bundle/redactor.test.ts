import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { testRuns } from "@satchel/testkit";
import { createRedactor, type Redaction } from "./redactor.ts";

const nothing: Redaction = { key: new Uint8Array(16), names: [], secrets: [], keepNames: false };

test("[CL39] no name of a file is left in a line, wherever it stands, with spaces or without", () => {
  const name = fc
    .stringMatching(/^[A-Za-zäßç][\w äéß'().-]{2,30}[\wäé]$/)
    .filter((text) => !/^(path|error)$/.test(text));
  const lines = fc.constantFrom(
    (text: string) => `${text}: This can't be read (EACCES); it is left alone. (entry_unreadable)`,
    (text: string) => `the server refused a change {"path":"docs/${text}/inner.txt"}`,
    (text: string) => `a transfer failed for docs/${text}`,
    (text: string) => `"${text}" could not be read`,
  );
  fc.assert(
    fc.property(name, lines, (text, line) => {
      const word = line("");
      fc.pre(!word.includes(text));
      const redacted = createRedactor({ ...nothing, names: [text] }).text(line(text));
      assert.ok(!redacted.includes(text), redacted);
    }),
    { numRuns: testRuns(500) },
  );
});

test("[CL39] paths of files that nobody knows any more are hidden too, their endings stay, and the program's own places", () => {
  const redactor = createRedactor(nothing);
  const line = redactor.text("could not move /home/ann/Photos/secret.jpg to docs/plan.pdf");
  assert.match(line, /^could not move (\/n[\da-f]{8}){3}\/n[\da-f]{8}\.jpg to n[\da-f]{8}\/n[\da-f]{8}\.pdf$/);
  assert.doesNotMatch(line, /ann|Photos|secret|plan/);
  const place = "at run (file:///opt/satchel/packages/engine/src/run/sync-engine.ts:12:3)";
  assert.equal(redactor.text(place), place);
  assert.equal(redactor.path("a/b"), redactor.path("a/b"));
  assert.notEqual(createRedactor({ ...nothing, key: new Uint8Array(16).fill(1) }).path("a"), redactor.path("a"));
});

test("[CL39] tokens, passwords and what is named as secret never stay, whatever happens to names", () => {
  for (const keepNames of [false, true]) {
    const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlIHNpZ25hdHVyZSBzaWc";
    const secrets = [
      { text: "satchel.example.org", instead: "[server]" },
      { text: "ann", instead: "[user]" },
    ];
    const redactor = createRedactor({ ...nothing, secrets, keepNames });
    const line = `ann at https://satchel.example.org with Bearer ${token}, ${"a1b2".repeat(16)} by http://me:pass@proxy:1`;
    const redacted = redactor.text(line);
    assert.doesNotMatch(redacted, /ann|example|eyJ|a1b2|pass/);
    assert.match(redacted, /^\[user\] at https:\/\/\[server\] with Bearer \[hidden\]/);
  }
  assert.equal(createRedactor({ ...nothing, keepNames: true }).text("docs/plan.pdf failed"), "docs/plan.pdf failed");
});
