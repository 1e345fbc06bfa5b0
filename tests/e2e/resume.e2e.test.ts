import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { makeBigFile } from "./support/big-file.ts";
import { eventually } from "./support/eventually.ts";
import { bigFileBytes, resendLimitBytes } from "./support/scale.ts";
import { openStage } from "./support/stage.ts";
import { hashFile } from "./support/tree.ts";
import { watchVisibleFiles } from "./support/visible-files.ts";

const TIMEOUT_MS = 180_000;

test("[EN133] an upload and a download go on where they were when the client and then the server are killed", async (t) => {
  await using stage = await openStage({ devices: ["a", "b"], start: false });
  const [a, b] = [stage.device("a"), stage.device("b")];
  await makeBigFile(a.path("big.bin"), bigFileBytes, "resume");

  // The upload.
  const sent = (): number => stage.network("a").sentBytes();
  await a.start();
  await passes(sent, 0.3);
  await a.kill();
  await a.start();
  await passes(sent, 0.6);
  await stage.server.kill();
  await stage.server.restart();
  await a.wait(120);
  assertFewTwice(sent(), "sent");
  t.diagnostic(`${sent()} bytes sent for a file of ${bigFileBytes}`);

  // The download.
  await using seen = watchVisibleFiles(b.folder, new Map([["big.bin", [bigFileBytes]]]));
  const received = (): number => stage.network("b").receivedBytes();
  await b.start();
  await passes(received, 0.3);
  await b.kill();
  await assert.rejects(stat(b.path("big.bin")), { code: "ENOENT" });
  await b.start();
  await passes(received, 0.6);
  await stage.server.kill();
  await stage.server.restart();
  await eventually(async () => (await stat(b.path("big.bin"))).isFile(), {
    timeoutMs: TIMEOUT_MS,
    what: "the file in B",
  });
  assertFewTwice(received(), "received");
  t.diagnostic(`${received()} bytes received for a file of ${bigFileBytes}`);

  assert.equal(await hashFile(b.path("big.bin")), await hashFile(a.path("big.bin")));
  await stage.waitForEqual(TIMEOUT_MS);
  assert.deepEqual(seen.partial, []);
  assert.ok(seen.looks() > 100, "the folder was looked at all the time");
});

test("a stalled network is noticed within a minute, and the transfer goes on over a new connection", async () => {
  await using stage = await openStage({ devices: ["a", "b"] });
  const [a, b] = [stage.device("a"), stage.device("b")];
  await a.wait(120);
  await b.wait(120);
  stage.network("b").stall();
  const sizeBytes = 8 * 1024 * 1024;
  await makeBigFile(a.path("new.bin"), sizeBytes, "stall");
  await a.wait(120);
  const isOffline = async (): Promise<boolean> => (await b.satchel(["status", "--json"])).includes('"offline"');
  await eventually(isOffline, { timeoutMs: 65_000, intervalMs: 500, what: "B to notice that nothing comes" });
  stage.network("b").heal();
  await stage.waitForEqual(TIMEOUT_MS);
});

/** Waits until that share of the big file was carried. */
async function passes(carried: () => number, share: number): Promise<void> {
  const what = `${share * 100} % of the file to be carried`;
  await eventually(() => carried() > share * bigFileBytes, { timeoutMs: TIMEOUT_MS, intervalMs: 2, what });
}

function assertFewTwice(carriedBytes: number, verb: string): void {
  const twice = carriedBytes - bigFileBytes;
  assert.ok(twice < resendLimitBytes, `${twice} bytes were ${verb} again, more than ${resendLimitBytes}`);
}
