import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { temporaryDirectory } from "@satchel/testkit";
import { incompressible, makeTree, realisticSizes } from "./generate.ts";

test("one seed makes the same bytes, and nothing compresses them", () => {
  const [one, other] = [incompressible("seed")(100_000), incompressible("seed")(100_000)];
  assert.deepEqual(one, other);
  assert.ok(gzipSync(one).length > 99_000);
  assert.notDeepEqual(incompressible("another")(100_000), one);
});

test("the sizes of the small files have the wanted sum, and most are below the mean", () => {
  const sizes = realisticSizes(10_000, 106 * 1024 * 1024, "seed");
  const mean = (106 * 1024 * 1024) / 10_000;
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    106 * 1024 * 1024,
  );
  assert.ok(sizes.filter((size) => size < mean).length > 7_000);
  assert.ok(sizes.every((size) => size >= 1));
});

test("a tree has the files that it says it has", async () => {
  await using directory = await temporaryDirectory("generate");
  const sizes = [1, 2, 3, 4, 5, 6, 7, 8];
  const made = makeTree(directory.path, { topFolders: 2, foldersInEach: 2, filesInEach: 2, sizes, seed: "tree" });
  assert.deepEqual(readdirSync(directory.path).toSorted(), ["top-0", "top-1"]);
  for (const { path, sizeBytes } of made) assert.equal(statSync(directory.join(path)).size, sizeBytes);
  assert.deepEqual(
    made.map(({ sizeBytes }) => sizeBytes),
    sizes,
  );
});
