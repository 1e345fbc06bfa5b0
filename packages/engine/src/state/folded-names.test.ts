import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import fc from "fast-check";
import { FoldedNames } from "./folded-names.ts";

const folderId = "folder" as EntryId;
const keyOf = (name: string): string => name.toLowerCase();

/** A folder with so many entries that it is kept in step. */
function open() {
  const names = Array.from({ length: 600 }, (_, nth) => `other-${nth}`);
  const tree = {
    hasMoreIn: (_folder: EntryId, count: number) => names.length > count,
    childNames: () => names.map((name) => ({ name })),
  };
  return { names, tree, folded: new FoldedNames() };
}

test("[EN120] names that come and go are found by what a disk compares them by, as by going through all of them", () => {
  const step = fc.record({ name: fc.constantFrom("a", "A", "b", "B", "c"), leaves: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { names, tree, folded } = open();
      for (const { name, leaves } of steps) {
        for (const key of ["a", "b", "c"]) {
          const found = folded.find(tree, { folderId, keys: new Set([key]), keyOf });
          assert.deepEqual(found.toSorted(), names.filter((other) => keyOf(other) === key).toSorted());
        }
        const at = names.indexOf(name);
        if (!leaves) {
          names.push(name);
          folded.came(folderId, name);
        } else if (at >= 0) {
          names.splice(at, 1);
          folded.left(folderId, name);
        }
      }
    }),
  );
});

test("[EN120] by another rule, and once all is forgotten, names are gone through anew", () => {
  const { names, tree, folded } = open();
  const look = (keyBy: (name: string) => string) => folded.find(tree, { folderId, keys: new Set(["x"]), keyOf: keyBy });
  assert.deepEqual(look(keyOf), []);
  names.push("X", "y");
  assert.deepEqual(
    look(() => "x").filter((name) => !name.startsWith("other")),
    ["X", "y"],
  );
  assert.deepEqual(look(keyOf), ["X"]);
  names.pop();
  names.push("x");
  folded.forget();
  assert.deepEqual(look(keyOf), ["X", "x"]);
});
