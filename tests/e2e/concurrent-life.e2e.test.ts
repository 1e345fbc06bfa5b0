import assert from "node:assert/strict";
import { appendFile, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { seededRandom, type SeededRandom } from "@satchel/testkit";
import type { Device } from "./support/device.ts";
import { eventually } from "./support/eventually.ts";
import { openStage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;

test("three devices, one offline for a while, with the server restarted in between, end equal", async () => {
  await using stage = await openStage({ devices: ["a", "b", "c"] });
  const [a, b, c] = ["a", "b", "c"].map((name) => stage.device(name)) as [Device, Device, Device];
  await mkdir(a.path("docs/deep"), { recursive: true });
  for (let index = 0; index < 30; index += 1) await writeFile(a.path("docs/deep", `${index}.txt`), `base ${index}`);
  await writeFile(a.path("shared.txt"), "base");
  await a.wait(30);
  await stage.waitForEqual(TIMEOUT_MS);

  // C loses its network, and all three go on working.
  stage.network("c").cut();
  await writeFile(c.path("shared.txt"), "of c, offline");
  await writeFile(c.path("docs/deep/1.txt"), "edited by c, offline");
  await writeFile(c.path("docs/deep/new-of-c.txt"), "new");
  await rm(c.path("docs/deep/2.txt"));
  await writeFile(a.path("shared.txt"), "of a");
  await rename(a.path("docs"), a.path("papers"));
  await a.wait(30);
  await b.wait(30);
  await writeFile(b.path("papers/deep/2.txt"), "edited by b, while c deleted it");

  // The server goes and comes back while everybody works on.
  await stage.server.stop();
  await writeFile(a.path("while-down-a.txt"), "a");
  await writeFile(b.path("while-down-b.txt"), "b");
  await stage.server.restart();
  await a.wait(60);
  await b.wait(60);
  stage.network("c").heal();
  await c.wait(60);
  await stage.waitForEqual(TIMEOUT_MS);

  const read = async (path: string): Promise<string> => await readFile(a.path(path), "utf8");
  assert.equal(await read("shared.txt"), "of a");
  assert.equal(await read("shared (Conflicted copy).txt"), "of c, offline");
  assert.equal(await read("papers/deep/1.txt"), "edited by c, offline");
  assert.equal(await read("papers/deep/new-of-c.txt"), "new");
  assert.equal(await read("papers/deep/2.txt"), "edited by b, while c deleted it");
  assert.deepEqual([await read("while-down-a.txt"), await read("while-down-b.txt")], ["a", "b"]);
  await assert.rejects(stat(a.path("docs")), { code: "ENOENT" });
});

test("random work on three devices that are killed, stopped and cut off ends equal, and keeps the last word of each", async () => {
  await using stage = await openStage({ devices: ["a", "b", "c"] });
  const random = seededRandom("concurrent life");
  const devices = ["a", "b", "c"].map((name) => stage.device(name));
  for (let round = 0; round < 4; round += 1) {
    const offline = random.pick(["a", "b", "c"]);
    const frozen = random.pick(devices);
    stage.network(offline).cut();
    frozen.signal("SIGSTOP");
    await Promise.all(devices.map(async (device) => await work(device, random.fork(`${round} ${device.name}`))));
    frozen.signal("SIGCONT");
    const killed = random.pick(devices);
    await killed.kill();
    await work(killed, random.fork(`${round} killed`));
    await killed.start();
    if (round % 2 === 0) {
      await stage.server.kill();
      await stage.server.restart();
    }
    stage.network(offline).heal();
    for (const device of devices) await device.wait(90);
    await stage.waitForEqual(TIMEOUT_MS);
  }
  // A file that only one device ever wrote has what that device wrote last.
  for (const device of devices) {
    assert.match(await readFile(devices[0]?.path(`own-${device.name}.txt`) ?? "", "utf8"), /^(line\n)+$/);
  }
  const isWell = async (): Promise<boolean> => {
    const status = JSON.parse((await stage.device("a").run(["status", "--json"])).stdout) as { issues: unknown[] };
    return status.issues.length === 0;
  };
  await eventually(isWell, { timeoutMs: TIMEOUT_MS, intervalMs: 500, what: "no issue to be left" });
});

const OPERATIONS = 25;

/** Writes, moves and deletes in a few places that all devices use. */
async function work(device: Device, random: SeededRandom): Promise<void> {
  for (let operation = 0; operation < OPERATIONS; operation += 1) {
    const folder = device.path(`folder-${random.below(3)}`);
    await mkdir(folder, { recursive: true });
    const names = await readdir(folder);
    const some = names.length === 0 ? undefined : `${folder}/${random.pick(names)}`;
    const path = `${folder}/${device.name}-${random.below(8)}.txt`;
    // What is gone, or a folder by now, is nobody's fault: the sync works in the same places.
    const attempt = random.chance(0.6)
      ? writeFile(random.chance(0.3) && some !== undefined ? some : path, `${device.name} ${random.uint32()}`)
      : random.chance(0.5) && some !== undefined
        ? rename(some, `${device.path(`folder-${random.below(3)}`)}/moved-${random.below(8)}.txt`)
        : rm(some ?? path, { recursive: true, force: true });
    await attempt.catch(() => undefined);
  }
  await appendFile(device.path(`own-${device.name}.txt`), "line\n");
}
