import assert from "node:assert/strict";
import { test } from "node:test";
import { createFewAtATime } from "./few-at-a-time.ts";

test("[WK32] no more is drawn at once than may be, who asks for the same is answered with it, and too much is refused", async () => {
  const fewAtATime = createFewAtATime<string>({ maxAtOnce: 1, maxWaiting: 1 });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (key: string): Promise<string> =>
    fewAtATime(key, async () => {
      begun.push(key);
      await new Promise<void>((resolve) => ends.push(resolve));
      return `${key} drawn`;
    });
  const first = ask("a");
  const same = ask("a");
  const second = ask("b");
  await assert.rejects(ask("c"), { code: "unavailable" });
  assert.deepEqual(begun, ["a"]);
  ends[0]?.();
  assert.deepEqual([await first, await same], ["a drawn", "a drawn"]);
  // Its turn comes with the end of the first.
  while (ends.length < 2) await new Promise((resolve) => setImmediate(resolve));
  ends[1]?.();
  assert.equal(await second, "b drawn");
  const failing = fewAtATime("d", () => Promise.reject(new Error("no")));
  await assert.rejects(failing, /^Error: no$/);
  const again = ask("d");
  while (ends.length < 3) await new Promise((resolve) => setImmediate(resolve));
  ends[2]?.();
  assert.equal(await again, "d drawn");
});
