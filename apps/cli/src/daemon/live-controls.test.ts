import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import type { EntryId } from "@satchel/protocol";
import { temporaryDirectory } from "@satchel/testkit";
import { noControls, writeControls } from "../controls/controls-file.ts";
import { findHome } from "../home/home.ts";
import { openLiveControls } from "./live-controls.ts";

/** An engine that remembers what it was told. */
function tellableEngine() {
  const told: string[] = [];
  return {
    told,
    pause: () => void told.push("pause"),
    resume: () => void told.push("resume"),
    setExcluded: (ids: readonly EntryId[]) => void told.push(`without ${ids.join()}`),
  };
}

test("[CL32] what was decided before the start holds from the start, and what is decided later at once", async () => {
  await using directory = await temporaryDirectory("controls");
  const home = findHome({ home: directory.path, env: {}, cwd: "/" });
  await writeControls(home, { ...noControls, pause: { untilMs: null } });
  const controls = await openLiveControls(home);
  const engine = tellableEngine();
  controls.attach(engine);
  assert.deepEqual(engine.told, ["pause"]);
  const excluded = [{ id: "w.1" as EntryId, path: "photos" }];
  await writeControls(home, { ...noControls, excluded });
  await controls.reload();
  assert.deepEqual(engine.told, ["pause", "without w.1", "resume"]);
  controls.close();
});

test("[CL32] a pause that was over before the start is none", async () => {
  await using directory = await temporaryDirectory("controls");
  const home = findHome({ home: directory.path, env: {}, cwd: "/" });
  await writeControls(home, { ...noControls, pause: { untilMs: 1000 } });
  const controls = await openLiveControls(home, () => 1000);
  const engine = tellableEngine();
  controls.attach(engine);
  assert.deepEqual(engine.told, []);
  controls.close();
});

test("[CL33] the rates are those of the moment", async () => {
  await using directory = await temporaryDirectory("controls");
  const home = findHome({ home: directory.path, env: {}, cwd: "/" });
  const hours = { from: 8 * 60, to: 18 * 60 };
  await writeControls(home, { ...noControls, limits: [{ up: 5000, down: null, hours, days: null }] });
  let nowMs = new Date(2026, 10, 23, 7, 59).getTime();
  const controls = await openLiveControls(home, () => nowMs);
  assert.deepEqual(controls.rates(), { up: null, down: null });
  nowMs += 60_000;
  assert.deepEqual(controls.rates(), { up: 5000, down: null });
  controls.close();
});

test("[CL31] a file of decisions that can't be understood ends the start: what is left out must not come back unasked", async () => {
  await using directory = await temporaryDirectory("controls");
  const home = findHome({ home: directory.path, env: {}, cwd: "/" });
  await writeFile(home.controlsFile, "{");
  await assert.rejects(openLiveControls(home), /controls\.json is damaged.*mend it, or remove it/);
});
