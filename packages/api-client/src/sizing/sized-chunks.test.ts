import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import { ProblemError } from "@satchel/protocol";
import { seededRandom } from "@satchel/testkit";
import type { TransferRates } from "../limit/rate-limits.ts";
import { OfflineError } from "../transport/transport.ts";
import { createSizedChunks } from "./sized-chunks.ts";
import type { SizedChunk } from "./sized-chunks.ts";

const workspaceId = "aaaaaaaaaaaaaaaa" as WorkspaceId;

/** What is between a device and its server. */
interface Way {
  readonly bytesPerSecond: number;
  readonly cutAfterMs: number;
  readonly maxBytes: number;
  readonly resetShare: number;
}

/** A server that keeps chunks, behind a way that limits what it carries, on a clock that only requests move. */
function setUp(way: Way, rates?: () => TransferRates) {
  const random = seededRandom("way");
  let nowMs = 0;
  const counts = { requests: 0, refused: 0, sentBytes: 0, largestBytes: 0 };
  const stored = new Map<string, Uint8Array>();
  const unfinished = new Map<string, Uint8Array>();
  const carry = (bytes: number): void => {
    counts.requests += 1;
    if (bytes > way.maxBytes) {
      counts.refused += 1;
      throw new ProblemError("body_too_large");
    }
    const tookMs = (bytes / way.bytesPerSecond) * 1000;
    // A connection that breaks does so anywhere.
    const share = random.chance(way.resetShare) ? random.float() : Math.min(1, way.cutAfterMs / tookMs);
    nowMs += tookMs * share;
    counts.sentBytes += bytes * share;
    if (share < 1) throw new OfflineError("the connection broke");
    counts.largestBytes = Math.max(counts.largestBytes, bytes);
  };
  const names = new Map<string, readonly SizedChunk[]>();
  const sized = createSizedChunks({
    workspaceId,
    pack: (chunks) => {
      const name = chunks.map((chunk) => chunk.hash).join();
      names.set(name, chunks);
      return name;
    },
    timing: { nowMs: () => nowMs, sleep: async (ms) => void (nowMs += ms), random: () => random.float() },
    policy: { attempts: 4, maxWaitMs: 15_000 },
    rates,
    calls: {
      uploadBundle: async ({ chunks, pieces }) => {
        carry(pieces.reduce((sum, piece) => sum + piece.length, 0));
        names.get(chunks)?.forEach((chunk, index) => stored.set(chunk.hash, (pieces[index] as Uint8Array).slice()));
        return { stored: pieces.length };
      },
      uploadPart: async ({ hash: name, size, offset, bytes }) => {
        carry(bytes.length);
        const before = unfinished.get(name) ?? new Uint8Array();
        const now = offset > before.length ? before : Buffer.concat([before.subarray(0, offset), bytes]);
        unfinished.set(name, now);
        if (now.length === size) stored.set(name, now);
        return { received: now.length, stored: now.length === size };
      },
      downloadBundle: async ({ chunks }) => {
        const group = names.get(chunks) ?? [];
        carry(group.reduce((sum, chunk) => sum + chunk.sizeBytes, 0));
        return group.map((chunk) => stored.get(chunk.hash) as Uint8Array);
      },
      downloadPart: async ({ hash: name, offset, length }) => {
        carry(length);
        return (stored.get(name) as Uint8Array).subarray(offset, offset + length);
      },
    },
  });
  return { sized, counts, stored, unfinished };
}

const makeChunks = (sizes: readonly number[]) =>
  sizes.map((sizeBytes, nth) => {
    const bytes = seededRandom(nth).bytes(sizeBytes);
    return { hash: hash("sha256", bytes) as ChunkHash, sizeBytes, bytes };
  });
const MIB = 1024 * 1024;
const mixed = [
  100,
  4 * MIB,
  5000,
  MIB,
  300_000,
  3 * MIB,
  1,
  2 * MIB,
  40_000,
  ...Array.from({ length: 50 }, () => 700_000),
];

const ways: readonly [string, Way][] = [
  ["a good one", { bytesPerSecond: 1e9, cutAfterMs: 45_000, maxBytes: Infinity, resetShare: 0 }],
  ["a proxy of 1 MB, 5 s and 2 % resets", { bytesPerSecond: 1e7, cutAfterMs: 5000, maxBytes: 1e6, resetShare: 0.02 }],
  [
    "a slow one that cuts off after 5 s",
    { bytesPerSecond: 20_000, cutAfterMs: 5000, maxBytes: Infinity, resetShare: 0 },
  ],
];

for (const [name, way] of ways) {
  test(`[AC23] chunks of every size get through, both ways: ${name}`, async () => {
    const { sized, counts, stored } = setUp(way);
    const chunks = makeChunks(mixed);
    const total = mixed.reduce((sum, size) => sum + size, 0);
    await sized.upload(chunks);
    assert.equal(stored.size, new Set(chunks.map((chunk) => chunk.hash)).size);
    for (const { hash: key, bytes } of chunks) assert.ok(Buffer.from(bytes).equals(stored.get(key) as Uint8Array), key);
    assert.ok(counts.largestBytes <= way.maxBytes);
    assert.ok(counts.sentBytes < total * 1.03, `${counts.sentBytes} bytes for ${total}`);
    const pieces = await sized.download(chunks);
    chunks.forEach(({ bytes }, nth) => assert.ok(Buffer.from(bytes).equals(pieces[nth] as Uint8Array)));
    assert.ok(counts.refused <= 2, "once for each direction");
  });
}

test("[AC23] a server that forgets the beginning of a chunk gets it again, but not for ever", async () => {
  const { sized, stored, unfinished } = setUp({ ...(ways[0] as [string, Way])[1], maxBytes: 10_000 });
  const [chunk] = makeChunks([200_000]) as [ReturnType<typeof makeChunks>[number]];
  let forgets = 3;
  const find = unfinished.get.bind(unfinished);
  unfinished.get = (name) => {
    if (forgets-- > 0) unfinished.clear();
    return find(name);
  };
  await sized.upload([chunk]);
  assert.equal(stored.size, 1);
  forgets = Infinity;
  stored.clear();
  await assert.rejects(sized.upload([chunk]), /keeps no unfinished chunks/);
});

test("[AC41] where a person limits the rate, each way by itself, no request carries more than passes in a second", async () => {
  const good = (ways[0] as [string, Way])[1];
  const { sized, counts, stored } = setUp(good, () => ({ up: 300_000, down: null }));
  const chunks = makeChunks(mixed);
  await sized.upload(chunks);
  assert.equal(stored.size, new Set(chunks.map((chunk) => chunk.hash)).size);
  assert.equal(counts.largestBytes, 300_000);
  await sized.download(chunks);
  assert.ok(counts.largestBytes > 2 * MIB, "nothing bounds what comes");
});
