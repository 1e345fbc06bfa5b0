import assert from "node:assert/strict";
import { test } from "node:test";
import { OfflineError, type RetryPolicy } from "@satchel/api-client";
import { ProblemError } from "@satchel/protocol";
import { loadPicture } from "./load-picture.ts";

test("[WB60] a server that can't be reached is waited for, and one that is busy is asked a few times", async () => {
  const { signal } = new AbortController();
  const waitsMs: number[] = [];
  const timing = { sleep: async (ms: number) => void waitsMs.push(ms), random: () => 0.5 };
  const answers = [new OfflineError("away"), new OfflineError("away"), Uint8Array.of(1)];
  const policies: (RetryPolicy | undefined)[] = [];
  const picture = await loadPicture(
    async ({ retry }) => {
      policies.push(retry);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    signal,
    timing,
  );
  assert.deepEqual([picture, waitsMs], [Uint8Array.of(1), [22_500, 22_500]]);
  assert.ok(policies.every((policy) => policy !== undefined && policy.attempts <= 4));
  const busy = loadPicture(() => Promise.reject(new ProblemError("unavailable")), signal, timing);
  await assert.rejects(busy, { code: "unavailable" });
});
