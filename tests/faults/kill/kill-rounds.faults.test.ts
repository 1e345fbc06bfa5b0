import assert from "node:assert/strict";
import { test } from "node:test";
import { playKillRounds } from "./kill-rounds.ts";

/** `npm run faults` plays hundreds. */
const ROUNDS = 12;

test("[FT1] [FT2] [FT3] [FT4] [FT5] nothing is lost, torn or unsound when clients and server are killed at random instants under load", async () => {
  const counts = await playKillRounds({ rounds: ROUNDS, seed: "short" });
  assert.equal(counts.torn, 0);
  assert.ok(counts.clientKills >= ROUNDS / 2 && counts.serverKills >= ROUNDS / 4, JSON.stringify(counts));
  assert.ok(counts.operations > 20 * ROUNDS && counts.reads > counts.operations / 4, JSON.stringify(counts));
});
