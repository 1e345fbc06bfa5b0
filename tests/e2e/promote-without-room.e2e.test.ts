import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { goesWithout, startPostgres, startS3 } from "@satchel/testkit";
import { makeBigFile } from "./support/big-file.ts";
import { startChild } from "./support/child.ts";
import { runSatchel, satchel, satchelCommand, satchelEnvironment } from "./support/satchel-command.ts";
import { openPlace } from "../faults/support/place.ts";
import { mountSmallDisk } from "../faults/support/small-disk.ts";

const MIB = 1024 * 1024;
const TIMEOUT_MS = 240_000;
const FOLLOWING = /Everything is there/;

if (!goesWithout("mount") && !goesWithout("s3") && !goesWithout("postgres")) {
  test("[PM9] moving to stores that have no room ends with a sentence, the server goes on where it was, and the move goes on when there is room", async () => {
    await using s3 = await startS3();
    await using disk = await mountSmallDisk(s3.directory, 4);
    await using postgres = await startPostgres();
    Object.assign(process.env, s3.environment);
    await using place = await openPlace();
    const { server } = place;
    const a = await place.device("a", server.url);
    await makeBigFile(a.path("big.bin"), 12 * MIB, "promote");
    await a.wait(120);
    const stores = ["--data", server.dataDirectory, "--database", postgres.url, "--blobs", s3.url];
    const refused = await runSatchel(["admin", "promote", ...stores], { timeoutMs: TIMEOUT_MS });
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stderr, /no space left for chunks/);

    await writeFile(a.path("after.txt"), "written after the move failed");
    await a.wait(120);
    assert.match(await satchel(["admin", "check", "--data", server.dataDirectory]), /all is well/);

    disk.resize(64);
    await using moving = await startChild({
      command: satchelCommand("admin", "promote", ...stores),
      logPath: `${place.directory}/promote.log`,
      environment: satchelEnvironment(),
    });
    await moving.waitForOutput(FOLLOWING, TIMEOUT_MS);
    await server.stop();
    assert.deepEqual(await moving.exited, { code: 0, signal: null }, moving.output());
    assert.match(await satchel(["admin", "check", ...stores]), /all is well/);
  });
}
