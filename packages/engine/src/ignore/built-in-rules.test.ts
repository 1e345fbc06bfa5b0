import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import ignore from "ignore";
import { testRuns } from "@satchel/testkit";
import { builtInRules, mayBeBuiltIn } from "./built-in-rules.ts";

/** Names that built-in rules are about, or nearly so. */
const almost = fc.constantFrom(
  ".DS_Store",
  "Thumbs.db",
  "Thumbs",
  "$RECYCLE.BIN",
  ".Trash-1000",
  "lost+found",
  ".nfs0a",
  ".a.swp",
  ".#a",
  "#a#",
  "~$a",
  ".~lock.a#",
  "a.DS_Store",
  "System Volume Information",
  "desktop.ini",
);
const name = fc.oneof(almost, fc.stringMatching(/^[ -.0-~]{1,6}$/));

test("[IG4] what no built-in rule may be about, none is about", () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), fc.boolean(), (names, isFolder) => {
      const path = names.join("/");
      const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(builtInRules);
      const { ignored } = rules.test(isFolder ? `${path}/` : path);
      if (ignored) assert.match(path, mayBeBuiltIn);
    }),
    { numRuns: testRuns(300) },
  );
});

test("[IG4] ordinary paths are not asked about at all", () => {
  for (const path of ["top-0/folder 12/file 7.txt", "Documents/a.docx", "a/b/c"])
    assert.doesNotMatch(path, mayBeBuiltIn);
});
