import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConflictedCopy, VersionState } from "@satchel/protocol";
import { keptBy } from "./choose-newer.ts";

const at = (created: string) => ({ created }) as VersionState;
const conflict = (mine: VersionState | null, theirs: VersionState | null, original: string | null = "/a") =>
  ({ mine, theirs, original_path: original }) as ConflictedCopy;
const [early, late] = [at("2026-01-01T00:00:00.000Z"), at("2026-01-02T00:00:00.000Z")];

test("[WB15] the newer of two sides is kept, both where one has no time, and the copy where it is all that is left", () => {
  assert.equal(keptBy("newer", conflict(late, early)), "mine");
  assert.equal(keptBy("newer", conflict(early, late)), "theirs");
  assert.equal(keptBy("newer", conflict(null, early)), "both");
  assert.equal(keptBy("newer", conflict(early, null, null)), "mine");
  assert.equal(keptBy("theirs", conflict(early, null, null)), "mine");
  assert.equal(keptBy("both", conflict(late, early)), "both");
});
