import assert from "node:assert/strict";
import { test } from "node:test";
import { ChunkStoreBusyError } from "../chunk-store-errors.ts";
import { InFlightBytes } from "./in-flight-bytes.ts";

test("[CS30] who finds no room waits in line, in order, and is sent away when the line is full", async () => {
  const inFlight = new InFlightBytes({ maxBytes: 10, maxWaiting: 2 });
  const entered: string[] = [];
  const enter = async (name: string, sizeBytes: number): Promise<void> => {
    await inFlight.enter(sizeBytes);
    entered.push(name);
  };
  await enter("a", 8);
  const waiting = [enter("larger than the bound", 20), enter("b", 1)];
  await assert.rejects(enter("c", 1), ChunkStoreBusyError);
  assert.deepEqual(entered, ["a"]);
  inFlight.leave(8);
  await waiting[0];
  assert.deepEqual(entered, ["a", "larger than the bound"]);
  inFlight.leave(20);
  await waiting[1];
  assert.deepEqual(entered, ["a", "larger than the bound", "b"]);
});
