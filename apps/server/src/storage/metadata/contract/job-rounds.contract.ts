import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetadataStore } from "../metadata-store.ts";

/** Rules of what is known of jobs' rounds. */
export function jobRoundsContract(getStore: () => MetadataStore): void {
  test("[MD94] of each job the last round is known: that it goes on, how it ended, and when the next is due", async () => {
    const { jobRounds } = getStore();
    const going = { endedAtMs: null, error: null, dueAtMs: null };
    await jobRounds.begin({ name: "b", beganAtMs: 1 });
    await jobRounds.begin({ name: "a", beganAtMs: 2 });
    assert.deepEqual(await jobRounds.list(), [
      { name: "a", beganAtMs: 2, ...going },
      { name: "b", beganAtMs: 1, ...going },
    ]);
    const failed = { name: "a", beganAtMs: 2, endedAtMs: 5, error: "the disk is full", dueAtMs: 105 };
    await jobRounds.end(failed);
    assert.deepEqual((await jobRounds.list())[0], failed);
    await jobRounds.begin({ name: "a", beganAtMs: 105 });
    assert.deepEqual((await jobRounds.list())[0], { name: "a", beganAtMs: 105, ...going });
    // A process that slept in the midst of its round says nothing of the one that another has begun.
    await jobRounds.end({ ...failed, endedAtMs: 110 });
    assert.deepEqual((await jobRounds.list())[0], { name: "a", beganAtMs: 105, ...going });
  });
}
