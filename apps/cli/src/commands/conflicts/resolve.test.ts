import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeEntryId, makeWorkspaceId, type ConflictedCopy } from "@satchel/protocol";
import { chooseConflicts } from "./choose-conflicts.ts";

const workspaceId = makeWorkspaceId(new Uint8Array(10));

function conflict(path: string, original: string | null): ConflictedCopy {
  const id = makeEntryId(workspaceId, new Uint8Array(10));
  const known = {
    type: "file",
    original_type: "file",
    mine: null,
    theirs: null,
    base: null,
    may_resolve: true,
  } as const;
  return { file_id: id, path, original_id: id, original_path: original, size: 1, modified: null, ...known };
}

const [one, two, other] = [
  conflict("/docs/a (Conflicted copy).txt", "/docs/a.txt"),
  conflict("/docs/a (Conflicted copy 2).txt", "/docs/a.txt"),
  conflict("/b (Conflicted copy)", null),
];
const all = [one, two, other];

describe("the conflicts that paths name", () => {
  it("are one by the copy's path, and all of a file by its own [CL71]", () => {
    assert.deepEqual(chooseConflicts(all, ["/docs/a (Conflicted copy 2).txt"]), [two]);
    assert.deepEqual(chooseConflicts(all, ["docs/a.txt"]), [one, two]);
    assert.deepEqual(chooseConflicts(all, ["/docs/a.txt", one.path]), [one, two]);
  });

  it("are those that a pattern fits [CL71]", () => {
    assert.deepEqual(chooseConflicts(all, ["/docs/*.txt"]), [one, two]);
    assert.deepEqual(chooseConflicts(all, ["/**"]), all);
    assert.throws(() => chooseConflicts(all, ["/docs/a.txt", "/c*"]), /no conflict at \/c\*/);
  });
});
