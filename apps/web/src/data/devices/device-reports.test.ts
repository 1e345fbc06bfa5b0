import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceId, DeviceReported, EntryId, WorkspaceId } from "@satchel/protocol";
import { DeviceReports } from "./device-reports.ts";

const docs = "w.docs" as EntryId;

function reported(device: string, names: readonly string[], more: Partial<DeviceReported> = {}): DeviceReported {
  return {
    event: "device_reported",
    workspace_id: "w" as WorkspaceId,
    device_id: device as DeviceId,
    device,
    user: "ann",
    arriving: names.map((name) => ({ folder_id: docs, name })),
    ...more,
  };
}

test("[WB20] what devices bring is known by its folder, until they say that it is there, or nothing more for a minute", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const reports = new DeviceReports("this browser" as DeviceId);
  let changes = 0;
  reports.watch(() => (changes += 1));
  const names = (): (readonly string[])[] => reports.arrivingIn(docs).map(({ device, names }) => [device, ...names]);
  reports.hear(reported("laptop", ["a", "b"]));
  reports.hear(reported("phone", ["c"], { workspace_id: "v" as WorkspaceId }));
  reports.hear(reported("this browser", ["d"]));
  assert.deepEqual(names(), [
    ["laptop", "a", "b"],
    ["phone", "c"],
  ]);
  assert.equal(reports.arrivingIn(docs), reports.arrivingIn(docs));
  assert.deepEqual(reports.arrivingIn("w.other" as EntryId), []);
  t.mock.timers.tick(40_000);
  reports.hear(reported("laptop", ["b"]));
  t.mock.timers.tick(40_000);
  assert.deepEqual(names(), [["laptop", "b"]]);
  reports.hear(reported("laptop", []));
  assert.deepEqual(names(), []);
  assert.equal(changes, 5);
});

test("[WB20] what the account's devices do is told as it is heard, also that one is gone", () => {
  const reports = new DeviceReports("this browser" as DeviceId);
  const heard: unknown[] = [];
  reports.watchActivity((device, activity) => heard.push([device, activity]));
  const activity = { state: "syncing", uploads: 1, downloads: 0, bytes: 1 } as const;
  reports.hear(reported("laptop", [], { activity }));
  reports.hear(reported("of a friend", []));
  reports.hear(reported("laptop", [], { activity: null }));
  assert.deepEqual(heard, [
    ["laptop", activity],
    ["laptop", null],
  ]);
});
