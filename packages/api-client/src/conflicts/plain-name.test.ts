import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { plainNames } from "./plain-name.ts";

describe("the name of a copy that is none any more", () => {
  it("is the name without the mark, and then one with a number [CL72]", () => {
    const first = (name: string): string[] => [...plainNames(name)].slice(0, 3);
    assert.deepEqual(first("a.b (Conflicted copy 3).txt"), ["a.b.txt", "a.b (2).txt", "a.b (3).txt"]);
    assert.deepEqual(first("Makefile (Conflicted copy)"), ["Makefile", "Makefile (2)", "Makefile (3)"]);
    assert.deepEqual(first("renamed.txt"), ["renamed.txt (2)", "renamed.txt (3)", "renamed.txt (4)"]);
  });
});
