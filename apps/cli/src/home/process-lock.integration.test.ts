import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { temporaryDirectory } from "@satchel/testkit";
import { lockWithin, tryLock } from "./process-lock.ts";

test("[CL10] a lock is held by one, and free again when it is released", async () => {
  await using directory = await temporaryDirectory("lock");
  const path = directory.join("lock");
  const lock = tryLock(path);
  assert.ok(lock);
  assert.equal(tryLock(path), undefined);
  assert.equal(await lockWithin(path, 60), undefined);
  lock.release();
  const next = tryLock(path);
  assert.ok(next);
  next.release();
});

test("[CL10] a lock ends with the process that held it, even when that is killed", async () => {
  await using directory = await temporaryDirectory("lock");
  const path = directory.join("lock");
  const module = new URL("./process-lock.ts", import.meta.url).href;
  const code = `const { tryLock } = await import(${JSON.stringify(module)}); tryLock(process.argv[1]); console.log("held"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  try {
    await once(child.stdout, "data");
    assert.equal(tryLock(path), undefined);
  } finally {
    child.kill("SIGKILL");
    await exited;
  }
  const lock = await lockWithin(path, 5000);
  assert.ok(lock);
  lock.release();
});
