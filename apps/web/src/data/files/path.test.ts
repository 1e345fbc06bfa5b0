import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addressOf, childPath, parentPath, pathOfAddress } from "./path.ts";

const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("/") && text.isWellFormed());

test("[W1] every folder has an address, and it leads there again", () => {
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const path = names.join("/");
      assert.equal(pathOfAddress(addressOf(path)), path);
    }),
  );
});

test("[W1] addresses that people typed are taken as they were meant", () => {
  assert.equal(pathOfAddress("/files"), "");
  assert.equal(pathOfAddress("/files//docs/"), "docs");
  assert.equal(pathOfAddress("/files/100%"), "100%");
});

test("a parent's path is the child's without its name", () => {
  assert.equal(parentPath(childPath("a/b", "c")), "a/b");
  assert.equal(parentPath(childPath("", "c")), "");
});
