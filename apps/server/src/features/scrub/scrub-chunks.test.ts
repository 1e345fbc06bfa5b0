import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import type { ManifestChunk } from "@satchel/chunking";
import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import { ChunkCorruptError } from "../../storage/chunks/chunk-store-errors.ts";
import { memoryObjectStore } from "../../storage/chunks/object/memory-object-store.fixture.ts";
import { ObjectChunkStore } from "../../storage/chunks/object/object-chunk-store.ts";
import { MemoryChunkStore } from "../../storage/chunks/memory-chunk-store.ts";
import { chunkOf, WorkspaceFixture } from "../../storage/metadata/contract/workspace-fixture.ts";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { sha256 } from "../chunks/store-stream.ts";
import { scrubSome, tendDamaged, type ScrubParts } from "./scrub-chunks.ts";

const never = new AbortController().signal;
const dayMs = 24 * 3600_000;

async function startWorld(t: TestContext) {
  const metadata = await openInThreadMetadataStore({ path: ":memory:", randomBytes });
  t.after(() => metadata.close());
  const store = new MemoryChunkStore({ now: () => 0 });
  const broken = new Set<ChunkHash>();
  const state = { nowMs: 100 * dayMs, reads: [] as ChunkHash[], bytes: 0 };
  const asked: { workspaceId: WorkspaceId; hashes: ChunkHash[] }[] = [];
  const parts: ScrubParts = {
    metadata,
    chunks: {
      async get(hashes) {
        state.reads.push(...hashes);
        const damaged = hashes.find((hash) => broken.has(hash));
        if (damaged !== undefined) throw new ChunkCorruptError(damaged);
        return store.get(hashes);
      },
      has: async (hashes) =>
        (await store.has(hashes)).map((is, index) => is && !broken.has(hashes[index] as ChunkHash)),
    },
    damaged: {
      add: () => {},
      askFor: (workspaceId: WorkspaceId, chunks: readonly ManifestChunk[]) =>
        void asked.push({ workspaceId, hashes: chunks.map(({ hash }) => hash) }),
    },
    host: { nowMs: () => state.nowMs },
    count: (bytes) => void (state.bytes += bytes),
    onDamaged: () => {},
  };
  /** A workspace with a file of these texts, which the chunk store has. */
  const fill = async (texts: readonly string[]): Promise<WorkspaceFixture> => {
    const ws = await WorkspaceFixture.create(metadata);
    await ws.makeFile("file", ws.root, [...texts]);
    await store.put(texts.map((text) => ({ hash: chunkOf(text).hash, bytes: new Uint8Array(Buffer.from(text)) })));
    return ws;
  };
  return { metadata, store, parts, broken, state, asked, fill };
}

test("[OP40] all that is held is read, a bit at a time, over restarts, and again after 30 days", async (t) => {
  const { metadata, parts, state, fill } = await startWorld(t);
  const texts = [["a", "b"], ["c"], ["d", "e"]];
  for (const each of texts) await fill(each);
  const hashes = texts.flat().map((text) => chunkOf(text).hash);
  // One byte is one page, which here is one workspace.
  await scrubSome(parts, 1, never);
  assert.ok(state.reads.length >= 1 && state.reads.length < hashes.length);
  // Nothing but the database knows where it was.
  for (let steps = 0; (await metadata.scrub.findRound())?.endedAtMs === null; steps += 1) {
    assert.ok(steps < 10);
    await scrubSome(parts, 1, never);
  }
  assert.deepEqual(state.reads.toSorted(), hashes.toSorted());
  assert.equal(state.bytes, 5);
  assert.equal(await metadata.scrub.countDamaged(), 0);
  await scrubSome(parts, 1e9, never);
  assert.equal(state.reads.length, hashes.length);
  state.nowMs += 30 * dayMs;
  await scrubSome(parts, 1e9, never);
  assert.equal(state.reads.length, 2 * hashes.length);
});

test("[OP40] of large chunks no more is read than the rate says and a group, each once", async (t) => {
  const { metadata, parts, state } = await startWorld(t);
  const large = Array.from({ length: 5 }, (_, index) => Buffer.alloc(3 * 1024 * 1024, index));
  const byHash = new Map(large.map((bytes) => [sha256(bytes), bytes]));
  const chunks = {
    ...parts.chunks,
    get: async (hashes: readonly ChunkHash[]) => hashes.map((hash) => byHash.get(hash)),
  };
  const held = [...byHash].map(([hash, bytes]) => ({ hash, sizeBytes: bytes.length }));
  const ws = await WorkspaceFixture.create(metadata);
  await metadata.ledger.grant(ws.workspaceId, held, 0);
  const scrub = (): Promise<void> => scrubSome({ ...parts, chunks }, 1, never);
  await scrub();
  assert.equal(state.bytes, 2 * 3 * 1024 * 1024);
  for (let steps = 0; (await metadata.scrub.findRound())?.endedAtMs === null; steps += 1) {
    assert.ok(steps < 10);
    await scrub();
  }
  assert.equal(state.bytes, 5 * 3 * 1024 * 1024);
  assert.equal(await metadata.scrub.countDamaged(), 0);
});

test("[OP41] what is damaged or lost is noted and asked for until it is whole again", async (t) => {
  const { metadata, store, parts, broken, state, asked, fill } = await startWorld(t);
  const ws = await fill(["good", "broken", "lost"]);
  const [bad, lost] = [chunkOf("broken").hash, chunkOf("lost").hash];
  broken.add(bad);
  await store.removeUntouchedSince({ hashes: [lost], sinceMs: Number.MAX_SAFE_INTEGER });
  await scrubSome(parts, 1e9, never);
  assert.equal(await metadata.scrub.countDamaged(), 2);
  await tendDamaged(parts, never);
  assert.deepEqual(
    asked.map(({ workspaceId, hashes }) => [workspaceId, hashes.toSorted()]),
    [[ws.workspaceId, [bad, lost].toSorted()]],
  );
  // A device brings one of them.
  broken.delete(bad);
  state.nowMs += 60_000;
  await tendDamaged(parts, never);
  assert.equal(await metadata.scrub.countDamaged(), 1);
  assert.deepEqual(asked.at(-1)?.hashes, [lost]);
});

test("[OP40] [OP41] in an object store, too, damaged and lost objects are found, and whole once they are brought", async (t) => {
  const { metadata, parts, state, asked } = await startWorld(t);
  const objects = memoryObjectStore();
  const { places } = metadata;
  const store = new ObjectChunkStore({ objects, places, now: () => state.nowMs, maxObjectBytes: 100_000 });
  t.after(() => store.close());
  const scrubbing: ScrubParts = { ...parts, chunks: store };
  // By themselves, so that each has an object of its own.
  const texts = ["good", "damaged", "lost"];
  for (const text of texts) await store.put([{ hash: chunkOf(text).hash, bytes: new Uint8Array(Buffer.from(text)) }]);
  const ws = await WorkspaceFixture.create(metadata);
  await ws.makeFile("file", ws.root, texts);
  const keyOf = (text: string): string =>
    [...objects.objects].find(([, bytes]) => Buffer.from(bytes).includes(text))?.[0] as string;
  objects.objects.set(keyOf("damaged"), new Uint8Array(Buffer.from("DAMAGED")));
  objects.objects.delete(keyOf("lost"));
  await scrubSome(scrubbing, 1e9, never);
  await tendDamaged(scrubbing, never);
  const bad = ["damaged", "lost"].map(chunkOf);
  assert.deepEqual(asked.at(-1)?.hashes.toSorted(), bad.map(({ hash }) => hash).toSorted());
  for (const text of ["damaged", "lost"])
    await store.put([{ hash: chunkOf(text).hash, bytes: new Uint8Array(Buffer.from(text)) }]);
  await tendDamaged(scrubbing, never);
  assert.equal(await metadata.scrub.countDamaged(), 0);
});

test("[OP40] of a chunk that several have brought each one's own copy is read, and fetched no more where it is damaged", async (t) => {
  const { metadata, parts, state } = await startWorld(t);
  const objects = memoryObjectStore();
  const store = new ObjectChunkStore({ objects, places: metadata.places, now: () => state.nowMs });
  t.after(() => store.close());
  const workspaces = [await WorkspaceFixture.create(metadata), await WorkspaceFixture.create(metadata)];
  const damagedOf: ChunkHash[] = [];
  for (const damaged of workspaces) {
    const bytes = new Uint8Array(randomBytes(300_000));
    const hash = sha256(bytes);
    damagedOf.push(hash);
    for (const { workspaceId } of workspaces) {
      const before = new Set(objects.objects.keys());
      await store.put([{ hash, bytes: Uint8Array.from(bytes) }], { holder: workspaceId, held: new Set() });
      await metadata.ledger.grant(workspaceId, [{ hash, sizeBytes: bytes.length }], 0);
      const own = [...objects.objects.keys()].find((key) => !before.has(key)) ?? assert.fail();
      if (workspaceId === damaged.workspaceId) objects.objects.set(own, new Uint8Array(bytes.length));
    }
  }
  const hasAddress = async ({ workspaceId }: WorkspaceFixture): Promise<boolean[]> => {
    const addresses = await store.direct?.openDownloads(damagedOf, { holder: workspaceId, forMs: 1000 });
    return (addresses ?? assert.fail()).map((address) => address !== undefined);
  };
  await scrubSome({ ...parts, chunks: store }, 1e9, never);
  assert.deepEqual(await Promise.all(workspaces.map(hasAddress)), [
    [false, true],
    [true, false],
  ]);
  assert.equal(await metadata.scrub.countDamaged(), 0);
});
