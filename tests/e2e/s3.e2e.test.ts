import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { goesWithout, startPostgres, startS3 } from "@satchel/testkit";
import { eventually } from "./support/eventually.ts";
import { runSatchel, satchel } from "./support/satchel-command.ts";
import { openStage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;
const FILES = 300;
const RUNS = 96;
const RUN_BYTES = 256 * 1024;

if (!goesWithout("s3") && !goesWithout("postgres")) {
  test("[CS48] two devices live on a server with PostgreSQL and S3, through a time without S3 and a kill, and all that is stored checks", async () => {
    await using s3 = await startS3();
    await using postgres = await startPostgres();
    // `satchel admin` finds its credentials there.
    Object.assign(process.env, s3.environment);
    // Devices reach S3 themselves, as far as they may.
    const direct = { ...s3, url: `${s3.url}&direct=on` };
    await using stage = await openStage({ devices: ["a", "b"], database: postgres.url, s3: direct });
    const [a, b] = [stage.device("a"), stage.device("b")];
    await mkdir(a.path("many"));
    for (let n = 0; n < FILES; n += 1) await writeFile(a.path("many", `${n}.txt`), `file ${n}\n`);
    // Long runs of one byte make chunks that are large enough for the way past the server (CH9), most of them after requests have grown to that size.
    const runs = Array.from({ length: RUNS }, (_, n) => Buffer.alloc(RUN_BYTES, n));
    await writeFile(a.path("big.bin"), Buffer.concat(runs));
    await stage.waitForEqual(TIMEOUT_MS);
    const objects = await readdir(s3.directory, { recursive: true });
    assert.ok(objects.length > 0 && objects.length < FILES, `${objects.length} objects: small chunks share them`);

    for (const way of ["direct_stored", "direct_download"])
      assert.match(stage.server.log(), new RegExp(`chunks/${way}","status":200`), "large chunks went past the server");

    await s3.kill();
    await appendFile(a.path("big.bin"), "written while S3 is away");
    await writeFile(b.path("many", "1.txt"), "the same");
    const isTold = async (): Promise<boolean> => /writing to S3/.test(stage.server.log());
    await eventually(isTold, { timeoutMs: TIMEOUT_MS, what: "the server to notice that S3 is away" });
    await s3.restart();
    await stage.waitForEqual(TIMEOUT_MS);
    assert.ok((await readFile(b.path("big.bin"))).subarray(-24).equals(Buffer.from("written while S3 is away")));

    await writeFile(a.path("acknowledged.txt"), "yes");
    await a.wait(30);
    await stage.server.kill();
    await stage.server.restart();
    await stage.waitForEqual(TIMEOUT_MS);
    assert.equal(await readFile(b.path("acknowledged.txt"), "utf8"), "yes");

    await stage.server.stop();
    const check = JSON.parse(await satchel(["admin", "check", "--json", ...stage.server.stores])) as Check;
    assert.deepEqual([check.ok, check.problems], [true, []]);
    // Nothing of the chunks is on the server's disk, and a server that looked for them there says so.
    assert.equal(existsSync(`${stage.server.dataDirectory}/chunks/packs`), false);
    const elsewhere = stage.server.stores.slice(0, -2);
    const refused = await runSatchel(["admin", "check", ...elsewhere]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /keeps its chunks in S3: name the bucket with --blobs/);
    await stage.server.restart();
  });
}

interface Check {
  readonly ok: boolean;
  readonly problems: readonly unknown[];
}
