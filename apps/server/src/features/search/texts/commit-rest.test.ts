import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import type { WorkspaceId } from "@satchel/protocol";
import { createInProcessBus } from "../../../storage/bus/in-process-bus.ts";
import { testClock } from "../../../test-clock.fixture.ts";
import { watchCommitRest } from "./commit-rest.ts";

function setUp(t: TestContext) {
  const bus = createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) });
  const clock = testClock();
  const rest = watchCommitRest({ bus, host: clock.host });
  t.after(() => rest.stop());
  const commit = (): void => {
    const position = { epoch: "", sequence: 1 };
    const nothing = { origin: null, before: position, after: position, changes: [], isComplete: true, carried: [] };
    bus.publish({ kind: "committed", workspaceId: "workspace" as WorkspaceId, ...nothing });
  };
  /** Lets time pass, and whoever waited go on. */
  const pass = async (ms: number): Promise<void> => {
    clock.move(ms);
    await setImmediate();
  };
  /** Has it come to rest? As an object, so that asking doesn't wait. */
  const wait = (): { isOver: boolean } => {
    const waited = { isOver: false };
    rest.untilRest().then(() => (waited.isOver = true), assert.fail);
    return waited;
  };
  return { rest, commit, pass, wait };
}

test("[SR16] a server is at rest a second after the last commit", async (t) => {
  const { rest, commit, pass, wait } = setUp(t);
  await rest.untilRest();
  commit();
  const waited = wait();
  await pass(900);
  commit();
  await pass(900);
  assert.ok(!waited.isOver);
  await pass(100);
  assert.ok(waited.isOver);
  await rest.untilRest();
});

test("[SR16] where commits never rest, half of the time counts as rest", async (t) => {
  const { commit, pass, wait } = setUp(t);
  const everyHalfSecond = async (seconds: number): Promise<void> => {
    for (let half = 0; half < seconds * 2; half += 1) {
      commit();
      await pass(500);
    }
  };
  commit();
  const first = wait();
  await everyHalfSecond(29);
  assert.ok(!first.isOver);
  await everyHalfSecond(2);
  assert.ok(first.isOver);
  await everyHalfSecond(20);
  const within = wait();
  await setImmediate();
  assert.ok(within.isOver);
  await everyHalfSecond(20);
  const next = wait();
  await everyHalfSecond(10);
  assert.ok(!next.isOver);
});

test("[SR16] whoever waits for rest when the server stops waits no longer", async (t) => {
  const { rest, commit, wait } = setUp(t);
  commit();
  const waited = wait();
  rest.stop();
  await setImmediate();
  assert.ok(waited.isOver);
  await rest.untilRest();
});
