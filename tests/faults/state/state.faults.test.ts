import assert from "node:assert/strict";
import { chmod, cp, mkdir, open, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { checkStore, serverConfig } from "@satchel/server";
import { seededRandom } from "@satchel/testkit";
import type { Device } from "../../e2e/support/device.ts";
import { eventually } from "../../e2e/support/eventually.ts";
import { ordinaryUser } from "../support/ordinary-user.ts";
import { openPlace, statusOf, waitForEqual } from "../support/place.ts";
import { clockShiftedBy } from "../support/shifted-clock.ts";

const TIMEOUT_MS = 180_000;

/** Files in a folder of the device, one of them larger than what travels with a commit. */
async function writeSome(device: Device, folder: string): Promise<void> {
  await mkdir(device.path(folder));
  for (let nth = 0; nth < 20; nth += 1) await writeFile(device.path(folder, `${nth}.txt`), `${folder} ${nth}`);
  await writeFile(device.path(folder, "large.bin"), seededRandom(folder).bytes(3_000_000));
}

async function issueOf(device: Device, code: string): Promise<string> {
  const find = async (): Promise<string | undefined> =>
    (await statusOf(device)).issues.find((issue) => issue.code === code)?.message;
  return await eventually(find, { timeoutMs: TIMEOUT_MS, intervalMs: 200, what: `the issue ${code}` });
}

async function copiesIn(device: Device): Promise<string[]> {
  return (await readdir(device.folder, { recursive: true })).filter((path) => path.includes("(Conflicted copy"));
}

test("[FT40] a server restored from an older backup is asked about; on a person's word its devices bring back what it lost", async () => {
  await using place = await openPlace();
  const [a, b] = [await place.device("a", place.server.url), await place.device("b", place.server.url)];
  await writeSome(a, "kept");
  await waitForEqual([a, b], TIMEOUT_MS);
  await place.server.stop();
  const backup = join(place.directory, "backup");
  await cp(place.server.dataDirectory, backup, { recursive: true });
  await place.server.restart();
  await writeSome(a, "since");
  await writeFile(a.path("kept/3.txt"), "edited since the backup");
  await waitForEqual([a, b], TIMEOUT_MS);

  await place.server.stop();
  await rm(place.server.dataDirectory, { recursive: true });
  await cp(backup, place.server.dataDirectory, { recursive: true });
  await place.server.restart();
  for (const device of [a, b]) {
    const message = await issueOf(device, "server_went_back");
    assert.match(message, /Nothing was deleted anywhere.*satchel sync DIR --anew/);
  }
  await sleep(3000);
  for (const device of [a, b]) assert.equal((await readdir(device.path("since"))).length, 21);

  for (const device of [a, b]) {
    await device.stop();
    await device.start("--anew");
    await device.wait(60);
  }
  await waitForEqual([a, b], TIMEOUT_MS);
  assert.equal((await readdir(a.path("since"))).length, 21);
  assert.equal(await readFile(a.path("kept/3.txt"), "utf8"), "kept 3");
  // Each device has an edit of its own to bring back, as far as it knows.
  const copies = await copiesIn(a);
  assert.ok(copies.includes("kept/3 (Conflicted copy).txt"));
  for (const copy of copies) assert.equal(await readFile(a.path(copy), "utf8"), "edited since the backup");
  const check = await checkStore(serverConfig({ data: place.server.dataDirectory }, {}));
  assert.deepEqual(check.problems, []);
});

test("[FT46] who returns after others came further than a restored server had been is asked as well, and nothing is deleted", async () => {
  await using place = await openPlace();
  const [a, b] = [await place.device("a", place.server.url), await place.device("b", place.server.url)];
  await writeSome(a, "kept");
  await waitForEqual([a, b], TIMEOUT_MS);
  await place.server.stop();
  const backup = join(place.directory, "backup");
  await cp(place.server.dataDirectory, backup, { recursive: true });
  await place.server.restart();
  for (const name of ["1", "2", "3"]) await writeFile(a.path(`only ${name}`), `since the backup ${name}`);
  await a.wait(60);
  await b.stop();
  await a.stop();
  await rm(b.path("only 1"), { force: true });

  await place.server.stop();
  await rm(place.server.dataDirectory, { recursive: true });
  await cp(backup, place.server.dataDirectory, { recursive: true });
  await place.server.restart();
  await b.start("--anew");
  await writeSome(b, "since");
  await b.wait(60);

  await a.start();
  assert.match(await issueOf(a, "server_went_back"), /Nothing was deleted anywhere.*satchel sync DIR --anew/);
  await sleep(3000);
  for (const name of ["1", "2", "3"])
    assert.equal(await readFile(a.path(`only ${name}`), "utf8"), `since the backup ${name}`);
  await a.stop();
  await a.start("--anew");
  await a.wait(60);
  await waitForEqual([a, b], TIMEOUT_MS);
  for (const name of ["1", "2", "3"])
    assert.equal(await readFile(b.path(`only ${name}`), "utf8"), `since the backup ${name}`);
  assert.equal((await readdir(a.path("since"))).length, 21);
  const check = await checkStore(serverConfig({ data: place.server.dataDirectory }, {}));
  assert.deepEqual(check.problems, []);
});

const damages: readonly [string, (path: string) => Promise<void>][] = [
  ["deleted", async (path) => await rm(path)],
  ["overwritten at its beginning", async (path) => await overwrite(path, 0, 200)],
  ["overwritten in its middle", async (path) => await overwrite(path, 4096, 400_000)],
  ["cut short", async (path) => await writeFile(path, (await readFile(path)).subarray(0, 9000))],
];

for (const [how, damage] of damages) {
  test(`[FT41] [CL50] a device whose memory was ${how} finds everything out again, and loses nothing`, async () => {
    await using place = await openPlace();
    const [a, b] = [await place.device("a", place.server.url), await place.device("b", place.server.url)];
    await writeSome(a, "docs");
    await waitForEqual([a, b], TIMEOUT_MS);
    await a.stop();
    await writeFile(a.path("docs/5.txt"), "edited while stopped");
    await writeFile(a.path("docs/new.txt"), "new while stopped");
    await writeFile(b.path("docs/7.txt"), "edited by the other");
    const [name = ""] = (await readdir(a.home)).filter((each) => /^state-.*\.db$/.test(each));
    for (const suffix of ["-wal", "-shm"]) await rm(join(a.home, name + suffix), { force: true });
    await damage(join(a.home, name));
    await a.start();
    await waitForEqual([a, b], TIMEOUT_MS);
    await a.wait(60);
    assert.equal(await readFile(b.path("docs/new.txt"), "utf8"), "new while stopped");
    // Without a memory both look like edits: the server's keeps the name.
    const of = async (number: number): Promise<string[]> =>
      (
        await Promise.all(
          [`docs/${number}.txt`, `docs/${number} (Conflicted copy).txt`].map((path) => readFile(b.path(path), "utf8")),
        )
      ).toSorted((x, y) => (x < y ? -1 : 1));
    assert.deepEqual(await of(5), ["docs 5", "edited while stopped"]);
    assert.deepEqual(await of(7), ["docs 7", "edited by the other"]);
    assert.equal((await copiesIn(a)).length, 2);
    assert.deepEqual((await statusOf(a)).issues, []);
  });
}

/** Writes random bytes over a stretch of a file, or what there is of it. */
async function overwrite(path: string, from: number, bytes: number): Promise<void> {
  const { size } = await stat(path);
  await using file = await open(path, "r+");
  await file.write(seededRandom("damage").bytes(Math.max(0, Math.min(bytes, size - from))), 0, undefined, from);
}

test("[FT42] a second client on one home is refused, with the command that goes on, and disturbs nothing", async () => {
  await using place = await openPlace();
  const a = await place.device("a", place.server.url);
  await writeFile(a.path("one.txt"), "one");
  for (const words of [
    ["sync", a.folder],
    ["sync", join(place.directory, "another")],
    ["sync", a.folder, "--anew"],
  ]) {
    const { code, stderr } = await a.run(words);
    assert.equal(code, 1);
    assert.match(stderr, /running already.*satchel stop/);
  }
  await a.wait(30);
  assert.equal((await statusOf(a)).state, "synced");
});

test("[FT43] devices and a server whose clocks are days apart stay in step, without a conflict", async () => {
  await using place = await openPlace();
  const early = await place.device("early", place.server.url, clockShiftedBy(-9));
  const late = await place.device("late", place.server.url, clockShiftedBy(12));
  await writeSome(early, "docs");
  await waitForEqual([early, late], TIMEOUT_MS);
  for (let nth = 0; nth < 6; nth += 1) {
    const [from, to] = nth % 2 === 0 ? [late, early] : [early, late];
    await writeFile(from.path("docs/1.txt"), `turn ${nth}`);
    const arrived = async (): Promise<boolean> => (await readFile(to.path("docs/1.txt"), "utf8")) === `turn ${nth}`;
    await eventually(arrived, { timeoutMs: 10_000, what: `turn ${nth}` });
  }
  await rm(early.path("docs/2.txt"));
  await waitForEqual([early, late], TIMEOUT_MS);
  assert.deepEqual(await copiesIn(early), []);
  assert.deepEqual((await statusOf(late)).issues, []);
});

test("[FT44] what may not be read is told and left alone, on both sides, and goes on when it may", async () => {
  await using place = await openPlace();
  const a = await place.device("a", place.server.url, ordinaryUser);
  const b = await place.device("b", place.server.url);
  await writeSome(a, "docs");
  await mkdir(a.path("closed"));
  await writeFile(a.path("closed/inside.txt"), "inside");
  await waitForEqual([a, b], TIMEOUT_MS);

  await chmod(a.path("closed"), 0o000);
  await writeFile(a.path("docs/secret.txt"), "not to be read");
  await chmod(a.path("docs/secret.txt"), 0o000);
  await writeFile(a.path("docs/after.txt"), "after");
  await eventually(() => readFile(b.path("docs/after.txt"), "utf8"), {
    timeoutMs: TIMEOUT_MS,
    what: "what may be read",
  });
  const unreadable = async (): Promise<boolean> => {
    const paths = (await statusOf(a)).issues.map(({ path }) => path);
    return ["closed", "docs/secret.txt"].every((path) => paths.includes(path));
  };
  // A change of a folder's mode is noticed by the next look at everything, which a wait begins.
  await a.run(["wait", "--timeout", "3"]);
  await eventually(unreadable, { timeoutMs: TIMEOUT_MS, intervalMs: 200, what: "both to be told" });
  await sleep(6000);
  assert.equal(await readFile(b.path("closed/inside.txt"), "utf8"), "inside");

  await chmod(a.path("closed"), 0o755);
  await chmod(a.path("docs/secret.txt"), 0o644);
  await a.run(["wait", "--timeout", "60"]);
  await waitForEqual([a, b], TIMEOUT_MS);
  assert.equal(await readFile(b.path("docs/secret.txt"), "utf8"), "not to be read");
  assert.deepEqual((await statusOf(a)).issues, []);
});

test("[FT44] a folder that may not be written in is told, loses nothing, and takes what waited when it may", async () => {
  await using place = await openPlace();
  const a = await place.device("a", place.server.url, ordinaryUser);
  const b = await place.device("b", place.server.url);
  await writeSome(b, "docs");
  await waitForEqual([a, b], TIMEOUT_MS);
  await chmod(a.path("docs"), 0o555);
  await chmod(a.path("docs/4.txt"), 0o444);
  await writeFile(b.path("docs/new.txt"), "new");
  await writeFile(b.path("docs/4.txt"), "edited");
  await rm(b.path("docs/5.txt"));
  await issueOf(a, "disk_denied");
  assert.equal((await readdir(a.path("docs"))).length, 21);
  await writeFile(b.path("elsewhere.txt"), "elsewhere");
  await eventually(() => readFile(a.path("elsewhere.txt"), "utf8"), {
    timeoutMs: TIMEOUT_MS,
    what: "what may be written",
  });
  await chmod(a.path("docs"), 0o755);
  await waitForEqual([a, b], TIMEOUT_MS);
  assert.deepEqual(await copiesIn(b), []);
});

test("[FT45] [AP47] [EN90] [EN91] what is damaged on the server's disk is reported, never spread, and brought again by a device that has it", async () => {
  await using place = await openPlace();
  const a = await place.device("a", place.server.url);
  await writeSome(a, "docs");
  await a.wait(60);
  await a.stop();
  await place.server.stop();
  const packs = (await readdir(place.server.dataDirectory, { recursive: true })).filter((path) => /packs\//.test(path));
  assert.ok(packs.length > 0);
  for (const pack of packs) {
    const path = join(place.server.dataDirectory, pack);
    const { size } = await stat(path);
    for (const share of [0.001, 0.4, 0.7]) await overwrite(path, Math.floor(size * share), 40);
  }
  await place.server.restart();
  const check = async () => await checkStore(serverConfig({ data: place.server.dataDirectory }, {}));
  const found = (await check()).problems.map(({ code }) => code);
  assert.ok(found.length >= 2 && found.every((code) => code === "chunk_corrupt"), found.join());

  // Nobody who has it is there: everything else is brought, and nothing of it is shown.
  const b = await place.device("b", place.server.url);
  const told = async (): Promise<boolean> => {
    const { issues } = await statusOf(b);
    return issues.some(({ message }) => message.includes("damaged")) && !issues.some(({ code }) => code === "offline");
  };
  await eventually(told, { timeoutMs: TIMEOUT_MS, intervalMs: 200, what: "B to tell what is damaged" });
  const arrived = async (): Promise<boolean> => (await readdir(b.path("docs"))).length >= 15;
  await eventually(arrived, { timeoutMs: TIMEOUT_MS, what: "what is not damaged" });
  for (const name of await readdir(b.path("docs")))
    assert.deepEqual(await readFile(b.path("docs", name)), await readFile(a.path("docs", name)), name);

  // B tries each minute at the latest.
  await a.start();
  await waitForEqual([a, b], TIMEOUT_MS);
  await b.wait(60);
  assert.deepEqual((await statusOf(b)).issues, []);
  assert.deepEqual((await check()).problems, []);
});
