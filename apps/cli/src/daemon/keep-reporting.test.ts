import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { DeviceReport, EntryId } from "@satchel/protocol";
import { keepReporting } from "./keep-reporting.ts";
import type { EngineStatus } from "./sync-engine.ts";

const arriving = [{ folder_id: "w.1" as EntryId, name: "film.mp4" }];

/** A device whose state a test sets, on a clock that a test moves. */
function device(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  let status: EngineStatus = { state: "synced", pending: { uploads: 0, downloads: 0, bytes: 0 }, issues: [] };
  let isReachable = true;
  const sent: DeviceReport[] = [];
  const reporter = keepReporting({
    status: () => status,
    nowMs: Date.now,
    send: async (report) => {
      if (!isReachable) throw new Error("no answer");
      sent.push(report);
    },
  });
  t.after(() => reporter.close());
  return {
    states: () => sent.map(({ state }) => state),
    sent,
    become(next: Partial<EngineStatus>) {
      status = { ...status, ...next };
      reporter.changed();
    },
    cutOff: (isCut: boolean) => void (isReachable = !isCut),
    /** Step by step, so that answers come in between. */
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 500) {
        t.mock.timers.tick(500);
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      }
    },
    reporter,
  };
}

test("[CL80] what is over in a moment is told to nobody, and rest is told once", async (t) => {
  const { become, pass, states } = device(t);
  become({ state: "syncing" });
  await pass(500);
  become({ state: "synced" });
  await pass(60_000);
  become({ state: "syncing" });
  become({ state: "synced" });
  await pass(60_000);
  assert.deepEqual(states(), ["synced"]);
  await pass(11 * 60_000);
  assert.deepEqual(states(), ["synced", "synced"]);
});

test("[CL80] work is told as it goes on, and again before the server forgets it", async (t) => {
  const { become, pass, sent } = device(t);
  become({ state: "syncing", pending: { uploads: 1, downloads: 0, bytes: 10 }, arriving });
  await pass(2000);
  become({ pending: { uploads: 1, downloads: 0, bytes: 5 } });
  await pass(4000);
  assert.deepEqual(sent, [
    { state: "syncing", uploads: 1, downloads: 0, bytes: 10, arriving },
    { state: "syncing", uploads: 1, downloads: 0, bytes: 5, arriving },
  ]);
  await pass(50_000);
  assert.equal(sent.length, 4);
});

test("[CL80] what could not be told is told later, and after a time offline anew", async (t) => {
  const { become, cutOff, pass, states } = device(t);
  cutOff(true);
  become({ state: "synced" });
  await pass(10_000);
  cutOff(false);
  await pass(30_000);
  assert.deepEqual(states(), ["synced"]);
  become({ state: "offline" });
  await pass(5000);
  become({ state: "synced" });
  await pass(5000);
  assert.deepEqual(states(), ["synced", "synced"]);
});

test("[CL80] after its end nothing is told", async (t) => {
  const { become, pass, states, reporter } = device(t);
  become({ state: "syncing" });
  reporter.close();
  become({ state: "synced" });
  await pass(60_000);
  assert.deepEqual(states(), []);
});
