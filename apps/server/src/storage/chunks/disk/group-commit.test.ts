import assert from "node:assert/strict";
import { test } from "node:test";
import { GroupCommit } from "./group-commit.ts";

test("[CS19] what is added while a commit runs goes into the next together, in order, up to the bound", async () => {
  const commits: string[] = [];
  const groups = new GroupCommit<string>({
    maxGroupWeight: 3,
    commit: async (items) => {
      commits.push(items.join(""));
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  const first = groups.add(["a"], 1);
  await new Promise((resolve) => process.nextTick(resolve));
  await Promise.all([
    first,
    groups.add(["b"], 1),
    groups.add(["c", "d"], 2),
    groups.add(["e"], 1),
    groups.add(["f", "g", "h", "i"], 4),
  ]);
  assert.deepEqual(commits, ["a", "bcd", "e", "fghi"]);
});

test("[CS18] a commit that fails fails all in it and nobody else", async () => {
  const groups = new GroupCommit<number>({
    maxGroupWeight: 2,
    commit: async (items) => {
      if (items.includes(13)) throw new Error("no luck");
    },
  });
  const settled = await Promise.allSettled([groups.add([1], 1), groups.add([13], 1), groups.add([2], 1)]);
  assert.deepEqual(
    settled.map((result) => result.status),
    ["rejected", "rejected", "fulfilled"],
  );
  await groups.idle();
});
