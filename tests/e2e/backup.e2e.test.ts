import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { goesWithout, startPostgres, startS3 } from "@satchel/testkit";
import { makeBigFile } from "./support/big-file.ts";
import { signIn, type Device } from "./support/device.ts";
import { eventually } from "./support/eventually.ts";
import { runSatchel, satchel } from "./support/satchel-command.ts";
import { startServer } from "./support/server.ts";
import { openStage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;
const FILES = 150;

test("[BK8] the drill: a server that is backed up while it is written to and then lost comes back on an empty machine with every acknowledged file", async () => {
  await using stage = await openStage({ devices: ["a", "b"] });
  const [a, b] = [stage.device("a"), stage.device("b")];
  const backup = join(stage.directory, "backup");
  await fill(a);
  const stopWriting = keepWriting(a);
  const first = JSON.parse(await satchel(["admin", "backup", backup, "--json", ...stage.server.stores])) as Report;
  assert.deepEqual(first.lost, []);
  const acknowledged = await stopWriting();
  const second = JSON.parse(await satchel(["admin", "backup", backup, "--json", ...stage.server.stores])) as Report;
  assert.ok(second.bytes < first.bytes / 10, `the second copied ${second.bytes} of ${first.bytes} bytes`);
  assert.match(await satchel(["admin", "verify", backup, ...stage.server.stores]), /all is well/);
  assert.deepEqual(
    (await readdir(backup, { recursive: true })).filter((name) => name.endsWith(".key")),
    [],
  );

  // Somebody kept the key, as they were told, and nothing else. The devices had gone on since.
  const key = join(stage.directory, "kept.key");
  assert.equal(first.newKeyFile, join(stage.server.dataDirectory, "keys", "backup.key"));
  await copyFile(first.newKeyFile, key);
  await writeFile(a.path("after the backup.txt"), "newer");
  await stage.waitForEqual(TIMEOUT_MS);
  await stage.server.kill();
  await rm(stage.server.dataDirectory, { recursive: true });

  const withoutKey = await runSatchel(["admin", "restore", backup, ...stage.server.stores]);
  assert.equal(withoutKey.code, 1);
  assert.match(withoutKey.stderr, /key file .* is missing/);
  await satchel(["admin", "restore", backup, "--key-file", key, ...stage.server.stores]);
  assert.match(await satchel(["admin", "check", ...stage.server.stores]), /all is well/);
  await stage.server.restart();
  await requireAll(b, acknowledged);

  // They stop and ask, and bring back what the backup does not have.
  const asks = async (): Promise<boolean> => (await a.run(["status", "--json"])).stdout.includes("server_went_back");
  await eventually(asks, { timeoutMs: TIMEOUT_MS, intervalMs: 200, what: "a device to ask about the restored server" });
  for (const device of [a, b]) {
    await device.stop();
    await device.start("--anew");
  }
  await stage.waitForEqual(TIMEOUT_MS);
  assert.equal(await readFile(b.path("after the backup.txt"), "utf8"), "newer");
  assert.match(await b.satchel(["ls", "/"]), /after the backup\.txt/);
});

if (!goesWithout("s3") && !goesWithout("postgres")) {
  test("[BK9] a backup of the embedded default comes back on PostgreSQL and S3, with versions, trash and the sign-in of its devices", async () => {
    await using stage = await openStage({ devices: ["a"] });
    const a = stage.device("a");
    const backup = join(stage.directory, "backup");
    await fill(a);
    await satchel(["admin", "backup", backup, "--with-key", ...stage.server.stores]);
    const versions = await a.satchel(["versions", "/edited.txt", "--json"]);
    await a.stop();
    await stage.server.stop();

    await using s3 = await startS3();
    Object.assign(process.env, s3.environment);
    await using postgres = await startPostgres();
    const stores = ["--data", join(stage.directory, "elsewhere/server"), "--database", postgres.url, "--blobs", s3.url];
    await satchel(["admin", "restore", backup, ...stores]);
    assert.match(await satchel(["admin", "check", ...stores]), /all is well/);
    await using server = await startServer(join(stage.directory, "elsewhere"), { database: postgres.url, s3 });
    const other = await signIn({
      directory: join(stage.directory, "elsewhere"),
      name: "other",
      url: server.url,
      account: stage.account,
    });
    await requireAll(other, []);
    assert.equal(await other.satchel(["versions", "/edited.txt", "--json"]), versions);
    assert.match(await other.satchel(["trash"]), /deleted\.txt/);
    const audit = await satchel(["admin", "audit", "--json", ...stores]);
    assert.match(audit, /"sign_in"/);
  });
}

interface Report {
  readonly bytes: number;
  readonly lost: readonly string[];
  readonly newKeyFile: string;
}

/** Files, a big one, one with three versions, one in the trash. */
async function fill(device: Device): Promise<void> {
  await mkdir(device.path("many"));
  for (let nth = 0; nth < FILES; nth += 1) await writeFile(device.path("many", `${nth}.txt`), `file ${nth}\n`);
  await makeBigFile(device.path("big.bin"), 8 * 1024 * 1024, "backup");
  await writeFile(device.path("deleted.txt"), "deleted");
  for (const text of ["one", "two two", "three three three"]) {
    await writeFile(device.path("edited.txt"), text);
    await device.wait(120);
  }
  await rm(device.path("deleted.txt"));
  await device.wait(120);
}

/** Saves file after file; the answer to its end tells which were acknowledged. */
function keepWriting(device: Device): () => Promise<string[]> {
  const stop = new AbortController();
  const acknowledged: string[] = [];
  const writing = (async () => {
    for (let nth = 0; !stop.signal.aborted; nth += 1) {
      const name = `written ${nth}.txt`;
      await writeFile(device.path(name), name.repeat(20));
      await device.wait(120);
      acknowledged.push(name);
    }
  })();
  return async () => {
    stop.abort();
    await writing;
    return acknowledged;
  };
}

/** By a device without its folder: what the server has. */
async function requireAll(device: Device, written: readonly string[]): Promise<void> {
  const listed = JSON.parse(await device.satchel(["ls", "/many", "--json"])) as unknown[];
  assert.equal(listed.length, FILES);
  const top = JSON.parse(await device.satchel(["ls", "/", "--json"])) as { path: string }[];
  const names = new Set(top.map(({ path }) => path));
  for (const name of ["big.bin", "edited.txt", ...written]) assert.ok(names.has(`/${name}`), name);
  const copy = join(device.home, "copy");
  for (const name of written.slice(-3)) {
    await device.satchel(["get", `/${name}`, copy]);
    assert.equal(await readFile(copy, "utf8"), name.repeat(20));
    await rm(copy);
  }
}
