import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ChunkHash, DeviceId, WorkspaceId } from "@satchel/protocol";
import type { Bus, BusMessage } from "./bus.ts";

const waitMs = 60_000;

export interface BusesUnderTest extends AsyncDisposable {
  /** Two ends of one bus, which are one for a bus within a process. */
  readonly one: Bus;
  readonly other: Bus;
  /** What listeners threw. */
  readonly errors: readonly unknown[];
}

export function revoked(number: number): BusMessage {
  return { kind: "device_revoked", deviceId: `device ${number}` as DeviceId };
}

/** Waits for what a bus brings. */
export async function heardBy(isThere: () => boolean, what: () => string): Promise<void> {
  const deadline = performance.now() + waitMs;
  while (!isThere()) {
    assert.ok(performance.now() < deadline, `${what()} after ${waitMs} ms`);
    await sleep(5);
  }
}

/** What every bus does (docs/spec/bus.md). */
export function busContract(name: string, open: () => Promise<BusesUnderTest>): void {
  test(`[BU1] ${name}: a process hears itself at once, others hear each publisher in order, and bytes arrive as they were`, async () => {
    await using buses = await open();
    const heard: BusMessage[] = [];
    const atOnce: BusMessage[] = [];
    buses.one.subscribe((message) => atOnce.push(message));
    buses.other.subscribe((message) => heard.push(message));
    const message: BusMessage = {
      kind: "committed",
      workspaceId: "w" as WorkspaceId,
      origin: "d" as DeviceId,
      before: { sequence: 1, epoch: "e" },
      after: { sequence: 2, epoch: "e" },
      changes: [],
      isComplete: true,
      carried: [{ hash: "h" as ChunkHash, bytes: Uint8Array.of(0, 255, 7) }],
    };
    buses.one.publish(message);
    assert.deepEqual(atOnce, [message]);
    for (let number = 0; number < 1000; number += 1) buses.one.publish(revoked(number));
    assert.equal(atOnce.length, 1001);
    await heardBy(
      () => heard.length >= 1001,
      () => `heard ${heard.length} messages`,
    );
    assert.deepEqual(heard, [message, ...Array.from({ length: 1000 }, (_, number) => revoked(number))]);
    assert.deepEqual(buses.errors, []);
  });

  test(`[BU6] ${name}: whoever publishes is told when the message is where the others find it, each in its turn`, async () => {
    await using buses = await open();
    const sent: number[] = [];
    for (let number = 0; number < 300; number += 1) buses.one.publish(revoked(number), () => sent.push(number));
    await heardBy(
      () => sent.length >= 300,
      () => `${sent.length} were sent`,
    );
    assert.deepEqual(
      sent,
      Array.from({ length: 300 }, (_, number) => number),
    );
  });

  test(`[BU7] ${name}: what a listener throws is reported and keeps no message from the others; who unsubscribed hears no more`, async () => {
    await using buses = await open();
    const heard: BusMessage[] = [];
    const afterwards: BusMessage[] = [];
    buses.other.subscribe(() => {
      throw new Error("broken");
    });
    const end = buses.other.subscribe((message) => heard.push(message));
    buses.other.subscribe((message) => afterwards.push(message));
    buses.one.publish(revoked(1));
    await heardBy(
      () => afterwards.length === 1,
      () => "nothing came",
    );
    end();
    buses.one.publish(revoked(2));
    await heardBy(
      () => afterwards.length === 2,
      () => "nothing more came",
    );
    assert.deepEqual(heard, [revoked(1)]);
    assert.equal(buses.errors.length, 2);
  });
}
