import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { openRotatingLog } from "./rotating-log.ts";

const now = (): Date => new Date("2026-01-31T12:00:00.000Z");

test("[CL20] a log that has grown is turned, and one old one is kept", async () => {
  await using directory = await temporaryDirectory("log");
  const logs = directory.join("logs");
  const log = openRotatingLog(logs, { maxBytes: 100, now });
  for (let i = 1; i <= 7; i++) log.write(`line ${i} ${"x".repeat(10)}`);
  log.close();
  assert.deepEqual((await readdir(logs)).toSorted(), ["sync.log", "sync.log.1"]);
  assert.match(await readFile(`${logs}/sync.log.1`, "utf8"), /line 5.*\n.*line 6/);
  assert.match(await readFile(`${logs}/sync.log`, "utf8"), /^2026-01-31T12:00:00\.000Z line 7 x+\n$/);
});

test("[CL20] a log goes on where the last process left it", async () => {
  await using directory = await temporaryDirectory("log");
  for (const line of ["one", "two"]) {
    const log = openRotatingLog(directory.path, { maxBytes: 1000, now });
    log.write(line);
    log.close();
  }
  assert.match(await readFile(directory.join("sync.log"), "utf8"), /one\n.*two\n$/);
});
