import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { WorkspaceId } from "@satchel/protocol";
import { chunkOf } from "../../storage/chunks/chunk-store.contract.ts";
import { createUnaskedBytes, maxUnaskedBytes, unaskedWindowMs } from "./unasked-bytes.ts";

const [ann, bob] = ["ann", "bob"] as WorkspaceId[] as [WorkspaceId, WorkspaceId];

test("[SE43] few bytes are written unasked, many never, and of few only so many in a while, for each workspace by itself", () => {
  const clock = { ms: 5_000_000 };
  const unasked = createUnaskedBytes({ nowMs: () => clock.ms });
  const few = [chunkOf(randomBytes(30_000)), chunkOf(randomBytes(30_000))];
  assert.equal(unasked.take(ann, [...few, chunkOf(randomBytes(6_000))]), false);
  // Their records are many times as large as they are.
  assert.equal(
    unasked.take(
      ann,
      Array.from({ length: 256 }, (_, n) => chunkOf(`${n}`)),
    ),
    false,
  );
  let taken = 0;
  while (unasked.take(ann, few)) taken += 60_000;
  assert.ok(taken > 0.9 * maxUnaskedBytes && taken <= maxUnaskedBytes, `${taken} bytes`);
  assert.equal(unasked.take(bob, few), true);
  clock.ms += unaskedWindowMs - 1;
  assert.equal(unasked.take(ann, few), false);
  clock.ms += 1;
  assert.equal(unasked.take(ann, few), true);
});
