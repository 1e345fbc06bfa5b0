import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeEntryId, makeWorkspaceId, type ConflictedCopy } from "@satchel/protocol";
import { chooseConflicts } from "./choose-conflicts.ts";
import { plainNames } from "./plain-name.ts";

const workspaceId = makeWorkspaceId(new Uint8Array(10));

function conflict(path: string, original: string | null): ConflictedCopy {
  const id = makeEntryId(workspaceId, new Uint8Array(10));
  return { file_id: id, path, original_id: id, original_path: original, size: 1, modified: null };
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

describe("the name of a copy that is none any more", () => {
  it("is the name without the mark, and then one with a number [CL72]", () => {
    const first = (name: string): string[] => [...plainNames(name)].slice(0, 3);
    assert.deepEqual(first("a.b (Conflicted copy 3).txt"), ["a.b.txt", "a.b (2).txt", "a.b (3).txt"]);
    assert.deepEqual(first("Makefile (Conflicted copy)"), ["Makefile", "Makefile (2)", "Makefile (3)"]);
    assert.deepEqual(first("renamed.txt"), ["renamed.txt (2)", "renamed.txt (3)", "renamed.txt (4)"]);
  });
});
