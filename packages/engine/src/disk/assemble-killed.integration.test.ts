import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { assembleSlowly, content, options, type Progress } from "./assemble-killed.fixture.ts";
import { openNodeDisk } from "./node-disk.ts";

/** The child is killed when it has put this much in place. */
const killAfterBytes = 16 * 1024 * 1024;

async function killHalfway(child: ChildProcess): Promise<void> {
  let inPlaceBytes = 0;
  child.on("message", (message: Progress) => {
    inPlaceBytes += message.bytes;
    if (inPlaceBytes >= killAfterBytes) child.kill("SIGKILL");
  });
  const [, signal] = (await once(child, "exit")) as [number | null, string | null];
  assert.equal(signal, "SIGKILL", "it was killed in the middle, not done");
}

test("[DK19] a file half put together by a process that was killed is gone on with by the next one", async () => {
  await using directory = await temporaryDirectory("killed");
  const root = directory.join("root");
  await killHalfway(fork(new URL("assemble-killed.fixture.ts", import.meta.url), [root], { stdio: "inherit" }));
  assert.deepEqual(readdirSync(root), [".satchel"], "nothing is to be seen in the folder");

  const disk = openNodeDisk({ root });
  try {
    await disk.prepareRoot("marker");
    let askedBytes = 0;
    const file = await assembleSlowly(disk, (bytes) => (askedBytes += bytes));
    assert.ok(askedBytes <= content.length - killAfterBytes, `${askedBytes} bytes were asked for again`);
    await disk.place(file, "file", null);
    assert.ok(readFileSync(`${root}/file`).equals(content));
    assert.deepEqual(readdirSync(`${root}/.satchel/tmp`), []);
    assert.equal(file.stat.modifiedMs, options.modifiedMs);
  } finally {
    await disk.close();
  }
});
