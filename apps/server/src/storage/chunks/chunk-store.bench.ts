import { hash as digest, randomBytes, randomFillSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChunkHash } from "@satchel/protocol";
import type { ChunkBytes, ChunkStore } from "./chunk-store.ts";
import { ThreadedChunkStore } from "./thread/threaded-chunk-store.ts";

/*
 * Times the store as the server uses it: node chunk-store.bench.ts [directory]. The directory's disk is what is measured; the default
 * is the system's temporary directory. Chunks are made beforehand, so the times are the store's. Needs 3 GiB of memory.
 */

const kib = 1024;
const largeBytes = 512 * kib;
const largeCount = 2048;
const largeAtATime = 32;
const smallCount = 10_000;
const smallPerPut = 250;
const singleCount = 500;

const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), "satchel-chunks-"));
try {
  const store = await ThreadedChunkStore.open({ directory, masterKey: randomBytes(32), now: Date.now });
  await benchLarge(store);
  await benchSmall(store, "random", () => randomBytes(4 * kib + Math.floor(Math.random() * 6 * kib)));
  await benchSmall(store, "text", () => text(4 * kib + Math.floor(Math.random() * 6 * kib)));
  await benchSingle(store);
  await store.close();
} finally {
  rmSync(directory, { recursive: true });
}

async function benchLarge(store: ChunkStore): Promise<void> {
  const chunks = Array.from({ length: largeCount }, () => named(randomFillSync(new Uint8Array(largeBytes))));
  const hashes = chunks.map((chunk) => chunk.hash);
  await timed("put 1 GiB in chunks of 512 KiB", () => inParallel(chunks, largeAtATime, (chunk) => store.put([chunk])));
  await timed("touch its chunks, one a call", () => inParallel(hashes, largeAtATime, (hash) => store.touch([hash])));
  await timed("get 1 GiB in chunks of 512 KiB", () => inParallel(hashes, largeAtATime, (hash) => store.get([hash])));
}

async function benchSmall(store: ChunkStore, kind: string, make: () => Uint8Array): Promise<void> {
  const batches = Array.from({ length: smallCount / smallPerPut }, () =>
    Array.from({ length: smallPerPut }, () => named(make())),
  );
  const hashes = batches.map((batch) => batch.map((chunk) => chunk.hash));
  await timed(`put ${smallCount} ${kind} chunks of 4-10 KiB, ${smallPerPut} a call`, () =>
    inParallel(batches, 4, (batch) => store.put(batch)),
  );
  await timed(`get them, ${smallPerPut} a call`, () => inParallel(hashes, 4, (batch) => store.get(batch)));
  await timed(`has them, ${smallPerPut} a call`, () => inParallel(hashes, 4, (batch) => store.has(batch)));
}

async function benchSingle(store: ChunkStore): Promise<void> {
  for (const kind of ["put", "get"] as const) {
    const times: number[] = [];
    for (let round = 0; round < singleCount; round += 1) {
      const chunk = named(randomBytes(4 * kib));
      if (kind === "get") await store.put([{ hash: chunk.hash, bytes: new Uint8Array(chunk.bytes) }]);
      const startedMs = performance.now();
      await (kind === "put" ? store.put([chunk]) : store.get([chunk.hash]));
      times.push(performance.now() - startedMs);
    }
    times.sort((a, b) => a - b);
    const at = (part: number): string => (times[Math.floor(times.length * part)] ?? 0).toFixed(2);
    console.log(`${kind} one chunk of 4 KiB: median ${at(0.5)} ms, p95 ${at(0.95)} ms`);
  }
}

/** Runs the work on all items, a bounded number at a time, as a server with that many requests does. */
async function inParallel<Item>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const rest = items.values();
  const workers = Array.from({ length: atATime }, async () => {
    for (const item of rest) await work(item);
  });
  await Promise.all(workers);
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(`${what}: ${seconds.toFixed(2)} s (CPU ${((user + system) / 1e6).toFixed(2)} s)`);
}

function named(bytes: Uint8Array): ChunkBytes {
  return { hash: digest("sha256", bytes, "hex") as ChunkHash, bytes };
}

function text(sizeBytes: number): Uint8Array {
  const words = Array.from({ length: sizeBytes / 5 }, () => Math.floor(Math.random() * 5_000).toString(36));
  return Buffer.from(words.join(" ").slice(0, sizeBytes));
}
