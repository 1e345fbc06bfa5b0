import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError, type AccountId, type DeviceId, type WorkspaceId } from "@satchel/protocol";
import { createInProcessBus } from "../../storage/bus/in-process-bus.ts";
import { NotificationHub } from "./notification-hub.ts";

test("[OP23] a process that is to stop ends its connections one by one over the time that it has, and takes no new ones", async () => {
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  const hub = new NotificationHub({ bus, maxConnections: 100, random: () => 0 });
  const closed: number[] = [];
  let nowMs = 0;
  const subscribe = (nth: number) =>
    hub.subscribe({
      workspaceId: `w${nth % 3}` as WorkspaceId,
      deviceId: `d${nth}` as DeviceId,
      accountId: "a" as AccountId,
      mode: "events",
      watchesDevices: false,
      sink: { send: () => {}, backlogBytes: () => 0, close: () => void closed.push(nowMs) },
      isAllowed: async () => true,
    });
  for (let nth = 0; nth < 40; nth += 1) subscribe(nth);
  const host = {
    after(delayMs: number, task: () => void) {
      nowMs += delayMs;
      setImmediate(task);
      return () => {};
    },
  };
  const draining = hub.drain(1000, host);
  assert.throws(() => hub.requireRoom(), { code: "unavailable" });
  await draining;
  assert.equal(closed.length, 40);
  // Two at a time, every 50 ms.
  assert.deepEqual(
    closed,
    Array.from({ length: 40 }, (_, nth) => Math.floor(nth / 2) * 50),
  );
  hub.close();
});

test("[OP33] whoever finds no room for a connection is told when to come back, each another time", () => {
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  let turn = 0;
  const hub = new NotificationHub({ bus, maxConnections: 0, random: () => ((turn += 1) % 10) / 10 });
  const times = Array.from({ length: 10 }, () => {
    try {
      return assert.fail(String(hub.requireRoom()));
    } catch (error) {
      assert.ok(error instanceof ProblemError && error.code === "unavailable");
      return error.retryAfterSeconds;
    }
  });
  assert.deepEqual(
    times.toSorted((one, other) => (one ?? 0) - (other ?? 0)),
    [30, 33, 36, 39, 42, 45, 48, 51, 54, 57],
  );
  hub.close();
});
