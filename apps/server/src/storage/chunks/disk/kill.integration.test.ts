import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { hash as digest, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { ChunkHash } from "@satchel/protocol";
import { DiskChunkStore } from "./disk-chunk-store.ts";
import { wrapByMasterKey } from "./key-wrapping.ts";

const rounds = 15;
const victim = fileURLToPath(new URL("./put-until-killed.fixture.ts", import.meta.url));

/** Lets a process put until it has acknowledged some chunks and a random while more, and kills it. Returns all that it printed. */
async function runVictim(directory: string, masterKey: string): Promise<string[]> {
  const child = spawn(process.execPath, [victim, directory, masterKey], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once("close", (_code, signal) => resolve(signal)),
  );
  let printed = "";
  child.stdout.setEncoding("latin1");
  child.stdout.on("data", (text: string) => {
    if (printed === "") setTimeout(() => child.kill("SIGKILL"), Math.random() * 120);
    printed += text;
  });
  assert.equal(await ended, "SIGKILL");
  return printed.split("\n").slice(0, -1);
}

test(
  "[CS22] a process killed while it puts, removes and compacts loses no chunk that it acknowledged",
  { timeout: 120_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), "satchel-chunks-"));
    t.after(() => rm(directory, { recursive: true }));
    const masterKey = randomBytes(32).toString("hex");
    const acknowledged = new Set<ChunkHash>();
    for (let round = 1; round <= rounds; round += 1) {
      for (const line of await runVictim(directory, masterKey)) {
        const [did, hash] = line.split(" ") as [string, ChunkHash];
        if (did === "put") acknowledged.add(hash);
        else acknowledged.delete(hash);
      }
      const store = await DiskChunkStore.open({
        directory,
        wrapping: wrapByMasterKey(Buffer.from(masterKey, "hex")),
        now: Date.now,
      });
      const hashes = [...acknowledged];
      const got = await store.get(hashes);
      const wrong = hashes.filter((hash, at) => digest("sha256", got[at] ?? "", "hex") !== hash);
      await store.close();
      assert.deepEqual(wrong, [], `after ${round} kills`);
    }
    assert.ok(acknowledged.size >= rounds, "every round acknowledged something");
  },
);
