import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AccountId } from "@satchel/protocol";
import { goesWithout, startRedis, type RunningRedis } from "@satchel/testkit";
import { busContract, heardBy, revoked } from "../bus.contract.ts";
import type { BusMessage } from "../bus.ts";
import { openRedisBus } from "./redis-bus.ts";

async function openBus(url: string) {
  const failures: unknown[] = [];
  const bus = await openRedisBus({
    url,
    onListenerError: (error) => failures.push(error),
    onFailure: (error) => failures.push(error),
  });
  const heard: BusMessage[] = [];
  bus.subscribe((message) => heard.push(message));
  const until = (isThere: () => boolean): Promise<void> => heardBy(isThere, () => `heard ${heard.length} messages`);
  return { bus, heard, failures, until };
}

if (!goesWithout("redis")) {
  let shared: RunningRedis;
  before(async () => {
    shared = await startRedis();
  });
  after(() => shared.stop());

  busContract("Redis", async () => {
    const [one, other] = [await openBus(shared.url), await openBus(shared.url)];
    return {
      one: one.bus,
      other: other.bus,
      errors: other.failures,
      [Symbol.asyncDispose]: async () => void (await Promise.all([one.bus.close(), other.bus.close()])),
    };
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
