import assert from "node:assert/strict";
import { test } from "node:test";
import { checkWatches } from "./check-watching.ts";

const limitOf = (text: string) => (): Promise<string> => Promise.resolve(text);

test("[CL35] enough watches, few, too few; each with a limit that would do", async () => {
  assert.equal((await checkWatches(10, limitOf("8192\n"))).level, "ok");
  const few = await checkWatches(7000, limitOf("8192\n"));
  assert.deepEqual([few.level, few.advice?.includes("max_user_watches=16384")], ["warning", true]);
  const none = await checkWatches(100_000, limitOf("8192\n"));
  assert.deepEqual([none.level, none.advice?.includes("max_user_watches=262144")], ["problem", true]);
});

test("[CL35] where the system has no such limit, or the folders are not counted yet, nothing is said against it", async () => {
  assert.equal((await checkWatches(10, () => Promise.reject(new Error("no such file")))).level, "skipped");
  assert.equal((await checkWatches(undefined, limitOf("8192"))).level, "skipped");
});
