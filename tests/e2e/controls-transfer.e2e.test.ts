import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { access, writeFile } from "node:fs/promises";
import { after, before, suite, test } from "node:test";
import type { Device } from "./support/device.ts";
import { eventually } from "./support/eventually.ts";
import { openStage, type Stage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;
const TIMEOUT_SECONDS = TIMEOUT_MS / 1000;

suite("pauses and limits", () => {
  let stage: Stage;
  let a: Device;
  let b: Device;

  before(async () => {
    stage = await openStage({ devices: ["a", "b"] });
    [a, b] = [stage.device("a"), stage.device("b")];
  });
  after(async () => await stage[Symbol.asyncDispose]());

  async function stateOf(device: Device): Promise<{ state: string; pausedUntil?: string | null }> {
    return JSON.parse(await device.satchel(["status", "--json"])) as { state: string; pausedUntil?: string | null };
  }

  test("[CL32] a pause holds over a restart, and `resume` ends it", async () => {
    await b.satchel(["pause"]);
    assert.deepEqual(await stateOf(b), { ...(await stateOf(b)), state: "paused", pausedUntil: null });
    await b.stop();
    const once = await b.run(["sync", b.folder, "--once"]);
    assert.deepEqual([once.code, /satchel resume/.test(once.stderr)], [1, true]);
    await writeFile(a.path("while-paused.txt"), "news");
    await a.wait(TIMEOUT_SECONDS);
    await b.start();
    assert.equal((await stateOf(b)).state, "paused");
    await assert.rejects(access(b.path("while-paused.txt")));
    await b.satchel(["resume"]);
    await stage.waitForEqual(TIMEOUT_MS);
    assert.equal((await b.run(["resume"])).code, 0);
  });

  test("[CL32] a pause for a while ends by itself, also when it ends while nothing runs", async () => {
    const said = await b.run(["pause", "--for", "3s"]);
    assert.match(said.stderr, /^Paused until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d: `satchel resume` goes on before\.$/m);
    assert.match(await b.satchel(["status"]), /Paused until/);
    await writeFile(a.path("later.txt"), "later");
    await stage.waitForEqual(TIMEOUT_MS);
    await b.satchel(["pause", "--for", "1s"]);
    await b.stop();
    await eventually(async () => (await b.run(["sync", b.folder, "--once"])).code === 0, {
      timeoutMs: TIMEOUT_MS,
      what: "the pause to be over",
    });
    await b.start();
    assert.equal((await b.run(["pause", "--for", "soon"])).code, 2);
  });

  test("[CL32] without a sync there is nothing to pause; a paused home is resumed all the same", async () => {
    await b.satchel(["pause"]);
    await b.stop();
    assert.equal((await b.run(["pause"])).code, 1);
    assert.equal((await b.run(["resume"])).code, 0);
    assert.equal((await b.run(["resume"])).code, 1);
    await b.start();
    assert.notEqual((await stateOf(b)).state, "paused");
  });

  test("[CL33] a limit is kept, and ends at once when it is cleared", async () => {
    const limited = await a.run(["limit", "--up", "400k"]);
    assert.match(limited.stderr, /up 400 kB\/s, down unlimited \(all day, every day\)/);
    assert.deepEqual(JSON.parse(await a.satchel(["limit", "list", "--json"])), {
      rules: [{ up: 400_000, down: null, hours: null, days: null }],
      now: { up: 400_000, down: null },
    });
    const startMs = performance.now();
    const network = stage.network("a");
    const startBytes = network.sentBytes();
    await writeFile(a.path("slow.bin"), randomBytes(20_000_000));
    await eventually(() => network.sentBytes() - startBytes > 1_500_000, { timeoutMs: TIMEOUT_MS, what: "some of it" });
    const seconds = (performance.now() - startMs) / 1000;
    assert.ok(seconds > 1, `1.5 MB took ${seconds} s`);
    // Much of it is still to come, at 400 kB/s three quarters of a minute of it.
    await a.satchel(["limit", "clear"]);
    const clearedMs = performance.now();
    await a.wait(TIMEOUT_SECONDS);
    assert.ok(performance.now() - clearedMs < 30_000, "the rest came without a limit");
    await stage.waitForEqual(TIMEOUT_MS);
  });

  test("[CL33] a timetable is shown as it was meant, and replaced for the same hours", async () => {
    await a.satchel(["limit", "--up", "500k", "--down", "2M", "--from", "08:00", "--to", "18:00", "--days", "mon-fri"]);
    await a.satchel(["limit", "--up", "1M", "--from", "08:00", "--to", "18:00", "--days", "mon-fri"]);
    await a.satchel(["limit", "--down", "5M"]);
    const lines = (await a.satchel(["limit", "list"])).trim().split("\n");
    assert.equal(lines[0], "up 1.00 MB/s, down unlimited (08:00-18:00, mon-fri).");
    assert.equal(lines[1], "up unlimited, down 5.00 MB/s (all day, every day).");
    assert.match(lines[2] ?? "", /^Now: up .*, down 5.00 MB\/s\.$/);
    await a.satchel(["limit", "--down", "off"]);
    assert.equal((await a.satchel(["limit", "list"])).trim().split("\n").length, 2);
    for (const wrong of [[], ["--up", "fast"], ["--up", "1M", "--from", "8:00"], ["--up", "1M", "--days", "someday"]])
      assert.equal((await a.run(["limit", ...wrong])).code, 2);
    await a.satchel(["limit", "clear"]);
    assert.match((await a.run(["limit", "list"])).stderr, /^No limits/);
  });
});
