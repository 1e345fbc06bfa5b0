import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceId } from "@satchel/protocol";
import { createInProcessBus } from "./in-process-bus.ts";

test("a message reaches every listener in order, also when one of them fails, until it unsubscribes", () => {
  const errors: unknown[] = [];
  const bus = createInProcessBus({ onListenerError: (error) => errors.push(error) });
  const heard: string[] = [];
  bus.subscribe(() => {
    throw new Error("broken");
  });
  const end = bus.subscribe((message) =>
    heard.push(message.kind === "device_revoked" ? message.deviceId : message.kind),
  );
  bus.publish({ kind: "device_revoked", deviceId: "one" as DeviceId });
  bus.publish({ kind: "device_revoked", deviceId: "two" as DeviceId });
  end();
  bus.publish({ kind: "device_revoked", deviceId: "three" as DeviceId });
  assert.deepEqual(heard, ["one", "two"]);
  assert.equal(errors.length, 3);
});
