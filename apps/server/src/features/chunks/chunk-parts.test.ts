import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import { seededRandom, testRuns } from "@satchel/testkit";
import type { Host } from "../../host.ts";
import { createChunkParts, maxUnfinished, maxUnfinishedOfWorkspace, partIdleMs } from "./chunk-parts.ts";
import type { ChunkTransfer } from "./chunk-transfer.ts";

const workspace = (n: number): WorkspaceId => `${n}`.padStart(16, "a") as WorkspaceId;
const makeChunk = (seed: string, sizeBytes: number) => {
  const bytes = seededRandom(seed).bytes(sizeBytes);
  return { chunk: { hash: hash("sha256", bytes) as ChunkHash, sizeBytes }, bytes };
};

const keyOf = (id: WorkspaceId, chunk: { hash: string } | undefined): string => `${id} ${chunk?.hash ?? ""}`;

/** Chunks in memory, and a clock that stands until it is moved. */
function setUp() {
  const stored = new Map<string, Uint8Array>();
  const clock = { ms: 0, failing: false };
  const transfer = {
    findMissing: async (id: WorkspaceId, [chunk]: readonly { hash: string }[]) =>
      stored.has(keyOf(id, chunk)) ? [] : [0],
    store: async (id: WorkspaceId, [chunk]: readonly { hash: string; bytes: Uint8Array }[]) => {
      if (clock.failing) throw new Error("the disk is full");
      stored.set(keyOf(id, chunk), chunk?.bytes as Uint8Array);
    },
  } as unknown as ChunkTransfer;
  const parts = createChunkParts({ transfer, host: { nowMs: () => clock.ms } as Host });
  return { parts, stored, clock };
}

test("[AP45] parts that come in order, again, or as an older answer had it make the chunk", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5000 }),
      fc.array(fc.integer({ min: 1, max: 900 })),
      fc.integer(),
      async (sizeBytes, steps, seed) => {
        const { parts, stored } = setUp();
        const random = seededRandom(seed);
        const { chunk, bytes } = makeChunk(`${seed}`, sizeBytes);
        let at = 0;
        let done = false;
        for (let nth = 0; !done; nth += 1) {
          const end = Math.min(sizeBytes, at + (steps[nth] ?? 1000));
          const answer = await parts.add(workspace(1), chunk, { offsetBytes: at, bytes: bytes.slice(at, end) });
          // A lost answer: the same part is sent again.
          if (random.chance(0.3)) continue;
          at = answer.receivedBytes;
          done = answer.stored;
        }
        assert.deepEqual(Buffer.from(stored.get(`${workspace(1)} ${chunk.hash}`) ?? []), Buffer.from(bytes));
      },
    ),
    { numRuns: testRuns(50) },
  );
});

test("[AP45] a part that doesn't follow on what is there is told where to go on", async () => {
  const { parts } = setUp();
  const { chunk, bytes } = makeChunk("gap", 3000);
  const add = (from: number, to: number) =>
    parts.add(workspace(1), chunk, { offsetBytes: from, bytes: bytes.slice(from, to) });
  assert.deepEqual(await add(1000, 2000), { receivedBytes: 0, stored: false });
  assert.deepEqual(await add(0, 1000), { receivedBytes: 1000, stored: false });
  assert.deepEqual(await add(2000, 3000), { receivedBytes: 1000, stored: false });
  assert.deepEqual(await add(500, 2000), { receivedBytes: 2000, stored: false });
  assert.deepEqual(await add(2000, 3000), { receivedBytes: 3000, stored: true });
  assert.deepEqual(await add(2000, 3000), { receivedBytes: 3000, stored: true });
});

test("[AP45] a store that fails is asked again with the last part", async () => {
  const { parts, clock } = setUp();
  const { chunk, bytes } = makeChunk("full", 2000);
  await parts.add(workspace(1), chunk, { offsetBytes: 0, bytes: bytes.slice(0, 1000) });
  clock.failing = true;
  await assert.rejects(parts.add(workspace(1), chunk, { offsetBytes: 1000, bytes: bytes.slice(1000) }), /full/);
  clock.failing = false;
  const answer = await parts.add(workspace(1), chunk, { offsetBytes: 1000, bytes: bytes.slice(1000) });
  assert.deepEqual(answer, { receivedBytes: 2000, stored: true });
});

test("[AP46] what is unfinished is bounded for a workspace and for all, and goes when it is forgotten", async () => {
  const { parts, clock } = setUp();
  const begin = async (owner: number, name: string) => {
    const { chunk, bytes } = makeChunk(name, 100);
    await parts.add(workspace(owner), chunk, { offsetBytes: 0, bytes: bytes.slice(0, 50) });
    return async () => (await parts.add(workspace(owner), chunk, { offsetBytes: 50, bytes: bytes.slice(50) })).stored;
  };
  const first = await begin(1, "first");
  for (let nth = 1; nth < maxUnfinishedOfWorkspace; nth += 1) await begin(1, `${nth}`);
  const last = await begin(1, "one too many");
  assert.equal(await last(), true);
  assert.equal(await first(), false, "the oldest of the workspace went");

  const mine = await begin(2, "mine");
  for (let nth = 0; nth < maxUnfinished; nth += 1) await begin(10 + nth, "theirs");
  assert.equal(await mine(), false, "the oldest of all went");

  const forgotten = await begin(3, "forgotten");
  clock.ms += partIdleMs + 1;
  await begin(4, "another");
  assert.equal(await forgotten(), false);
});
