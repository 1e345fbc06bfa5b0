import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { goesWithout } from "./goes-without.ts";
import { binariesOrThrow, startCluster } from "./postgres-cluster.ts";
import { startPostgres } from "./postgres.ts";

if (!goesWithout("postgres")) {
  test("[TK1] two servers give empty databases that know nothing of each other", async () => {
    await using one = await startPostgres();
    await using other = await startPostgres();
    await query(one.url, "create table mark (value int)");
    assert.equal(await query(other.url, "select to_regclass('mark') is null"), "t");
    const further = await one.createDatabase();
    assert.equal(await query(further, "select to_regclass('mark') is null"), "t");
  });

  test("[TK2] a stopped server is gone, and stopping it again is no error", async () => {
    const cluster = await startCluster();
    assert.equal(await query(cluster.url, "select 1"), "1");
    await cluster.stop();
    await cluster.stop();
    await assert.rejects(query(cluster.url, "select 1"), /refused/);
  });

  test("[TK2] a server does not outlive a test process that is killed", async () => {
    const source = fileURLToPath(new URL("./postgres-cluster.ts", import.meta.url));
    const program = `import { startCluster } from ${JSON.stringify(source)};
      const { url } = await startCluster(); console.log(url); setInterval(() => {}, 1000);`;
    const process_ = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(process_.stdout.setEncoding("utf8"), "data")) as [string];
    const url = line.trim();
    const directory = dirname(await query(url, "show data_directory"));
    process_.kill("SIGKILL");
    const deadline = Date.now() + 20_000;
    while (existsSync(directory) && Date.now() < deadline) await sleep(50);
    assert.equal(existsSync(directory), false);
    await assert.rejects(query(url, "select 1"), /refused/);
  });
}

async function query(url: string, sql: string): Promise<string> {
  const { stdout } = await promisify(execFile)(`${binariesOrThrow()}/psql`, ["-X", "-A", "-t", "-d", url, "-c", sql]);
  return stdout.trim();
}
