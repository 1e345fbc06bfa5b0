import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { chunkOf } from "../chunk-store.contract.ts";
import { DiskChunkStore } from "./disk-chunk-store.ts";
import { wrapByMasterKey } from "./key-wrapping.ts";

/*
 * The victim of kill.integration.test.ts: node put-until-killed.fixture.ts DIRECTORY MASTER-KEY-HEX. Puts, removes and compacts without end.
 * Prints "put HASH" for each chunk after its put resolved, and "remove HASH" before one is removed.
 */

const [directory = "", masterKey = ""] = process.argv.slice(2);
const wrapping = wrapByMasterKey(Buffer.from(masterKey, "hex"));
const store = await DiskChunkStore.open({ directory, wrapping, now: Date.now, maxPackBytes: 300_000 });
const writers = 4;
const chunksPerPut = 5;
await Promise.all([...Array.from({ length: writers }, () => putForever()), compactForever()]);

async function putForever(): Promise<never> {
  for (;;) {
    const chunks = Array.from({ length: chunksPerPut }, (_, at) => chunkOf(randomBytes(10 + 4_000 * at)));
    const hashes = chunks.map((chunk) => chunk.hash);
    await store.put(chunks);
    for (const hash of hashes) writeSync(1, `put ${hash}\n`);
    // Leaves one of them, so that packs fill with garbage and compaction has something to move.
    const removed = hashes.slice(1);
    for (const hash of removed) writeSync(1, `remove ${hash}\n`);
    await store.removeUntouchedSince({ hashes: removed, sinceMs: Infinity });
  }
}

async function compactForever(): Promise<never> {
  for (;;) {
    await store.compact();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
