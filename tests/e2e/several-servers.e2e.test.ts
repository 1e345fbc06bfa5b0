import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import { goesWithout, startPostgres, startRedis, startS3, temporaryDirectory } from "@satchel/testkit";
import { signIn, type Device } from "./support/device.ts";
import { waitForEqualFolders } from "./support/equal-folders.ts";
import { eventually } from "./support/eventually.ts";
import { satchel } from "./support/satchel-command.ts";
import { startServer } from "./support/server.ts";
import { ownFolder } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;
const SAVES = 10;
/** A device that hears of nothing looks by itself after a minute. */
const PUSHED_MS = 45_000;

if (!goesWithout("s3") && !goesWithout("postgres") && !goesWithout("redis")) {
  test("[BU5] two servers on the same PostgreSQL, S3 and Redis are one: what a device saves at one is pushed to those at the other, also after Redis was away", async () => {
    await using directory = await temporaryDirectory("several");
    await using s3 = await startS3();
    await using postgres = await startPostgres();
    await using redis = await startRedis();
    Object.assign(process.env, s3.environment);
    const shared = { database: postgres.url, s3, bus: redis.url, keys: directory.join("keys") };
    for (const name of ["one", "two", "keys"]) await mkdir(directory.join(name));
    await using one = await startServer(directory.join("one"), shared);
    await using two = await startServer(directory.join("two"), shared);
    const account = await one.addUser("ann");
    const at = { directory: directory.path, account };
    await using a = await signIn({ ...at, name: "a", url: one.url });
    await using b = await signIn({ ...at, name: "b", url: two.url });
    for (const device of [a, b]) await device.start();
    for (let nth = 0; nth < SAVES; nth += 1) await saveAndSee(nth % 2 === 0 ? [a, b] : [b, a], `${nth}.txt`);

    await redis.kill();
    await writeFile(a.path("while away.txt"), "saved while Redis is away");
    await a.wait(30);
    await redis.restart();
    await waitForEqualFolders({
      folders: [a.folder, b.folder],
      timeoutMs: TIMEOUT_MS,
      without: (path) => path === ownFolder,
    });
    await eventually(() => one.log().includes("the bus can be reached again"), {
      timeoutMs: TIMEOUT_MS,
      what: "a server to reach Redis again",
    });
    await saveAndSee([a, b], "after.txt");

    // One of them dies: the token that it gave is good at the other, which has everything.
    const token = (await satchel(["token"], { home: b.home })).trim();
    await two.kill();
    const answer = await fetch(`${one.url}/v1/files/metadata?folder_id=root`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { entries } = (await answer.json()) as { entries: unknown[] };
    assert.equal(entries.length, SAVES + 2);
  });
}

/** How long the other one takes to have it is bounded by what only a push can do. */
async function saveAndSee([from, to]: readonly [Device, Device], name: string): Promise<void> {
  await writeFile(from.path(name), `saved by ${from.name}`);
  const savedAt = performance.now();
  const isThere = async (): Promise<boolean> => (await readFile(to.path(name), "utf8")) === `saved by ${from.name}`;
  await eventually(isThere, { timeoutMs: TIMEOUT_MS, what: `${name} to be pushed` });
  assert.ok(performance.now() - savedAt < PUSHED_MS, `${name} took ${performance.now() - savedAt} ms`);
}
