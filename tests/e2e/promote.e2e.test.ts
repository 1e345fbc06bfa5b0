import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { goesWithout, startPostgres, startS3 } from "@satchel/testkit";
import { makeBigFile } from "./support/big-file.ts";
import { startChild, type Child } from "./support/child.ts";
import { eventually } from "./support/eventually.ts";
import { runSatchel, satchel, satchelCommand, satchelEnvironment } from "./support/satchel-command.ts";
import { startServer } from "./support/server.ts";
import { openStage } from "./support/stage.ts";

const TIMEOUT_MS = 120_000;
const FOLLOWING = /Everything is there/;

if (!goesWithout("s3") && !goesWithout("postgres")) {
  test("[PM6] a server moves to PostgreSQL and S3 under its devices' hands: none fails, none fetches anything again, a kill on the way does no harm", async (t) => {
    await using s3 = await startS3();
    await using postgres = await startPostgres();
    Object.assign(process.env, s3.environment);
    await using stage = await openStage({ devices: ["a", "b"] });
    const [a, b] = [stage.device("a"), stage.device("b")];
    const stores = ["--data", stage.server.dataDirectory, "--database", postgres.url, "--blobs", s3.url];
    await makeBigFile(a.path("big.bin"), 8 * 1024 * 1024, "promote");
    await writeFile(a.path("small.txt"), "small");
    await stage.waitForEqual(TIMEOUT_MS);
    const before = await stat(b.path("big.bin"));
    const move = async (): Promise<Child> =>
      await startChild({
        command: satchelCommand("admin", "promote", ...stores),
        logPath: join(stage.directory, "promote.log"),
        environment: satchelEnvironment(),
      });
    const killed = await move();
    await killed.waitForOutput(FOLLOWING, TIMEOUT_MS);
    killed.signal("SIGKILL");
    await killed.exited;
    await writeFile(a.path("between.txt"), "written while nothing moves");
    await a.wait(120);

    const moving = await move();
    await moving.waitForOutput(FOLLOWING, TIMEOUT_MS);
    const { port } = stage.server;
    const next = startServer(stage.directory, { database: postgres.url, s3, port });
    next.catch(() => undefined);
    await using saving = keepSaving((nth) => writeFile(a.path(`saved ${nth}.txt`), `save ${nth}`));
    await using watch = watchPause(stage.server.url);
    const waits = async (): Promise<boolean> =>
      /waits for its data/.test(await readFile(join(stage.directory, "server.log"), "utf8"));
    await eventually(waits, { timeoutMs: TIMEOUT_MS, what: "the new server to wait" });
    await stage.server.stop();
    assert.deepEqual(await moving.exited, { code: 0, signal: null }, moving.output());
    await using server = await next;
    const saved = await saving.stop();
    await a.wait(120);
    await stage.waitForEqual(TIMEOUT_MS);
    t.diagnostic(`nobody answered for ${Math.round(watch.longestMs())} ms at the longest`);
    assert.equal(await readFile(b.path(`saved ${saved - 1}.txt`), "utf8"), `save ${saved - 1}`);
    const after = await stat(b.path("big.bin"));
    assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
    for (const device of [a, b]) {
      const isWell = async (): Promise<boolean> => {
        const status = JSON.parse(await device.satchel(["status", "--json"])) as { issues: unknown[] };
        return status.issues.length === 0;
      };
      await eventually(isWell, { timeoutMs: TIMEOUT_MS, what: "a device without issues" });
    }
    assert.match(await satchel(["admin", "check", ...stores]), /all is well/);
    assert.equal(existsSync(join(stage.server.dataDirectory, "before-promotion/metadata.db")), true);

    // Nobody takes the directory for a server that has forgotten everybody.
    const embedded = await runSatchel(["admin", "user", "list", "--data", stage.server.dataDirectory]);
    assert.equal(embedded.code, 2);
    assert.match(embedded.stderr, /was moved to other stores/);
    assert.match((await runSatchel(["admin", "promote", ...stores])).stderr, /was moved before/);
    await server.stop();
  });
}

interface Saving extends AsyncDisposable {
  /** How often it saved. */
  stop(): Promise<number>;
}

/** Calls again and again until it is stopped. */
function keepSaving(save: (nth: number) => Promise<unknown>): Saving {
  const end = new AbortController();
  const saving = (async () => {
    let nth = 0;
    for (; nth === 0 || !end.signal.aborted; nth += 1) {
      await save(nth);
      await sleep(50);
    }
    return nth;
  })();
  const stop = (): Promise<number> => {
    end.abort();
    return saving;
  };
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

interface PauseWatch extends AsyncDisposable {
  /** The longest time between two answers. */
  longestMs(): number;
}

/** Asks a server again and again. */
function watchPause(url: string): PauseWatch {
  const end = new AbortController();
  let [answeredMs, longestMs] = [performance.now(), 0];
  const asking = (async () => {
    for (; !end.signal.aborted; await sleep(10)) {
      const answers = await fetch(`${url}/healthz`).then(
        (response) => response.ok,
        () => false,
      );
      if (!answers) continue;
      longestMs = Math.max(longestMs, performance.now() - answeredMs);
      answeredMs = performance.now();
    }
  })();
  return {
    longestMs: () => longestMs,
    [Symbol.asyncDispose]: async () => {
      end.abort();
      await asking;
    },
  };
}
