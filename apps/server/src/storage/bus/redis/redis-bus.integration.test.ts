import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { AccountId, ChunkHash, DeviceId, WorkspaceId } from "@satchel/protocol";
import { goesWithout, startRedis } from "@satchel/testkit";
import type { BusMessage } from "../bus.ts";
import { openRedisBus } from "./redis-bus.ts";

const waitMs = 20_000;

async function openBus(url: string) {
  const failures: unknown[] = [];
  const bus = await openRedisBus({
    url,
    onListenerError: (error) => failures.push(error),
    onFailure: (error) => failures.push(error),
  });
  const heard: BusMessage[] = [];
  bus.subscribe((message) => heard.push(message));
  const until = async (isThere: () => boolean): Promise<void> => {
    const deadline = performance.now() + waitMs;
    while (!isThere()) {
      assert.ok(performance.now() < deadline, `heard ${heard.length} messages in ${waitMs} ms`);
      await sleep(5);
    }
  };
  return { bus, heard, failures, until };
}

const revoked = (number: number): BusMessage => ({ kind: "device_revoked", deviceId: `device ${number}` as DeviceId });

if (!goesWithout("redis")) {
  test("[BU1] a process hears itself at once and each other in order, and bytes arrive as they were", async () => {
    await using redis = await startRedis();
    const [a, b] = [await openBus(redis.url), await openBus(redis.url)];
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
    a.bus.publish(message);
    assert.deepEqual(a.heard, [message]);
    for (let number = 0; number < 1000; number += 1) a.bus.publish(revoked(number));
    await b.until(() => b.heard.length === 1001);
    assert.deepEqual(b.heard, [message, ...Array.from({ length: 1000 }, (_, number) => revoked(number))]);
    await Promise.all([a.bus.close(), b.bus.close()]);
    assert.equal(a.heard.length, 1001);
  });

  test("[BU2] messages wait while Redis is away; when it comes back empty, a gap is told and they arrive", async () => {
    await using redis = await startRedis();
    const [a, b] = [await openBus(redis.url), await openBus(redis.url)];
    a.bus.publish(revoked(1));
    await b.until(() => b.heard.length === 1);
    await redis.kill();
    a.bus.publish(revoked(2));
    await a.until(() => a.failures.length > 0);
    await redis.restart();
    await b.until(() => b.heard.some(({ kind }) => kind === "gap"));
    a.bus.publish(revoked(3));
    await b.until(() =>
      b.heard.some((message) => message.kind === "device_revoked" && message.deviceId === "device 3"),
    );
    await Promise.all([a.bus.close(), b.bus.close()]);
  });

  test("[BU3] closing sends what waits, and a bus that can't be reached is told at the start", async () => {
    await using redis = await startRedis();
    const [a, b] = [await openBus(redis.url), await openBus(redis.url)];
    const account: BusMessage = { kind: "account_changed", accountId: "a" as AccountId };
    a.bus.publish(account);
    await a.bus.close();
    await b.until(() => b.heard.length === 1);
    await b.bus.close();
    await redis.kill();
    await assert.rejects(openBus(redis.url), /the bus can't be reached/);
  });
}
