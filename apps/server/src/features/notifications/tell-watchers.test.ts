import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountId, DeviceId, WorkspaceId } from "@satchel/protocol";
import { createInProcessBus } from "../../storage/bus/in-process-bus.ts";
import { NotificationHub } from "./notification-hub.ts";
import { maxBacklogBytes } from "./push-queue.ts";

test("[PR2] who watches hears of others also while something else is being sent, unless it is far behind", () => {
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  const hub = new NotificationHub({ bus, maxConnections: 10, random: () => 0 });
  const workspaceId = "w" as WorkspaceId;
  const heard: string[] = [];
  const watch = (name: string, backlog: number) =>
    hub.subscribe({
      workspaceId,
      deviceId: name as DeviceId,
      accountId: "a" as AccountId,
      mode: "changes",
      watchesDevices: true,
      sink: { send: (text) => void heard.push(`${name}: ${text}`), backlogBytes: () => backlog, close: () => {} },
      isAllowed: async () => true,
    });
  watch("idle", 0);
  watch("busy", maxBacklogBytes);
  watch("stuck", maxBacklogBytes + 1);
  hub.tellWatchers(workspaceId, "gone");
  assert.deepEqual(heard, ["idle: gone", "busy: gone"]);
  hub.close();
});
