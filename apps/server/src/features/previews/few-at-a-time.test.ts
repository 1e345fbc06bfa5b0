import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountId } from "@satchel/protocol";
import { createFewAtATime } from "./few-at-a-time.ts";

const [ann, bob] = ["ann" as AccountId, "bob" as AccountId];

test("[WK32] no more is drawn at once than may be, who asks for the same is answered with it, and too much is refused", async () => {
  const fewAtATime = createFewAtATime<string>({ maxAtOnce: 1, maxWaiting: 1, maxWaitingEach: 1 });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (key: string): Promise<string> =>
    fewAtATime(key, ann, async () => {
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
  const failing = fewAtATime("d", ann, () => Promise.reject(new Error("no")));
  await assert.rejects(failing, /^Error: no$/);
  const again = ask("d");
  while (ends.length < 3) await new Promise((resolve) => setImmediate(resolve));
  ends[2]?.();
  assert.equal(await again, "d drawn");
});

test("[WK32] accounts take turns: who asks for one picture doesn't wait for the hundred that another asked for, and finds room", async () => {
  const fewAtATime = createFewAtATime<void>({ maxAtOnce: 1, maxWaiting: 4, maxWaitingEach: 3 });
  const drawn: string[] = [];
  const asking = Promise.withResolvers<void>();
  const ask = (who: AccountId, number: number): Promise<void> =>
    fewAtATime(`${who} ${number}`, who, async () => {
      await asking.promise;
      drawn.push(`${who} ${number}`);
    });
  const asked = [1, 2, 3, 4].map((number) => ask(ann, number));
  await assert.rejects(ask(ann, 5), { code: "unavailable" });
  asked.push(ask(bob, 1));
  await assert.rejects(ask(bob, 2), { code: "unavailable" });
  asking.resolve();
  await Promise.all(asked);
  assert.deepEqual(drawn, ["ann 1", "ann 2", "bob 1", "ann 3", "ann 4"]);
});
