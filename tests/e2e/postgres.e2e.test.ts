import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { goesWithout, startPostgres } from "@satchel/testkit";
import { makeBigFile } from "./support/big-file.ts";
import { eventually } from "./support/eventually.ts";
import { satchel } from "./support/satchel-command.ts";
import { openStage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;
const FILES = 300;
const BIG_BYTES = 12 * 1024 * 1024;

if (!goesWithout("postgres")) {
  test("two devices live on a server with PostgreSQL, through restarts and a kill, and all that is stored checks", async () => {
    await using postgres = await startPostgres();
    await using stage = await openStage({ devices: ["a", "b"], database: postgres.url });
    const [a, b] = [stage.device("a"), stage.device("b")];
    await mkdir(a.path("many"));
    for (let n = 0; n < FILES; n += 1) await writeFile(a.path("many", `${n}.txt`), `file ${n}\n`);
    await makeBigFile(a.path("big.bin"), BIG_BYTES, "postgres");
    await stage.waitForEqual(TIMEOUT_MS);

    // Work goes on while the server is away, on both sides, and in one file on both.
    await stage.server.stop();
    await writeFile(a.path("many", "1.txt"), "from a\n");
    await writeFile(b.path("many", "1.txt"), "from b\n");
    await rename(b.path("many"), b.path("moved"));
    await rm(a.path("many", "2.txt"));
    await stage.server.restart();
    await stage.waitForEqual(TIMEOUT_MS);
    const ones = (await readdir(a.path("moved"))).filter((name) => /^1[ .]/.test(name));
    assert.deepEqual(ones.toSorted(), ["1 (Conflicted copy).txt", "1.txt"]);
    const contents = await Promise.all(ones.map((name) => readFile(b.path("moved", name), "utf8")));
    assert.deepEqual(contents.toSorted(), ["from a\n", "from b\n"]);

    // A kill loses nothing of what was acknowledged.
    await writeFile(a.path("acknowledged.txt"), "yes");
    await a.wait(30);
    await stage.server.kill();
    await stage.server.restart();
    await stage.waitForEqual(TIMEOUT_MS);
    assert.equal(await readFile(b.path("acknowledged.txt"), "utf8"), "yes");
    const versions = JSON.parse(await b.satchel(["versions", "/moved/1.txt", "--json"])) as unknown[];
    assert.equal(versions.length, 2);
    await b.satchel(["restore", "/moved/2.txt"]);
    const isBack = async (): Promise<boolean> => (await readFile(a.path("moved", "2.txt"), "utf8")) === "file 2\n";
    await eventually(isBack, { timeoutMs: TIMEOUT_MS, what: "the file that was deleted to come back" });
    await stage.waitForEqual(TIMEOUT_MS);

    // `check` asks the very database, with the server running and stopped.
    for (const isRunning of [true, false]) {
      if (!isRunning) await stage.server.stop();
      const check = JSON.parse(await satchel(["admin", "check", "--json", ...stage.server.stores])) as Check;
      assert.deepEqual([check.ok, check.problems], [true, []]);
    }
    // Nothing of the metadata is beside the chunks.
    assert.equal(existsSync(`${stage.server.dataDirectory}/metadata.db`), false);
  });
}

interface Check {
  readonly ok: boolean;
  readonly problems: readonly unknown[];
}
