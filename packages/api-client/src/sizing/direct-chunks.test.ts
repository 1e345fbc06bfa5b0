import assert from "node:assert/strict";
import { hash as sha256 } from "node:crypto";
import { test } from "node:test";
import type { ChunkHash, WorkspaceId } from "@satchel/protocol";
import { ProblemError } from "@satchel/protocol";
import { LoginRevokedError } from "../tokens/token-source.ts";
import { OfflineError } from "../transport/transport.ts";
import { createDirectChunks, directAbsentMs, directPauseMs } from "./direct-chunks.ts";
import type { SizedChunk } from "./sized-chunks.ts";

const workspaceId = "aaaaaaaaaaaaaaaa" as WorkspaceId;
const large = 300 * 1024;
const unbounded = 4 * 1024 * 1024;

function chunkOf(fill: number, sizeBytes = large) {
  const bytes = new Uint8Array(sizeBytes).fill(fill);
  return { hash: sha256("sha256", bytes) as ChunkHash, sizeBytes, bytes };
}

/** A server with an object store beside it, and what each was asked. */
function setUp({ serverUrl = "https://satchel.example.org", origin = "https://s3.example.org" } = {}) {
  const world = {
    nowMs: 0,
    /** What the server offers; empty: no such way. */
    hasStore: true,
    storeFails: false as boolean,
    confirms: true as boolean,
    questions: 0,
    failure: undefined as Error | undefined,
    objects: new Map<string, Uint8Array>(),
    puts: 0,
  };
  const names = new Map<string, readonly SizedChunk[]>();
  const open = (chunks: string) => {
    world.questions += 1;
    if (world.failure) throw world.failure;
    if (!world.hasStore) return [];
    return (names.get(chunks) ?? []).map(({ hash }) => ({ url: `${origin}/${hash}`, headers: { signed: hash } }));
  };
  const direct = createDirectChunks({
    workspaceId,
    serverUrl,
    timing: { nowMs: () => world.nowMs },
    digest: (bytes) => sha256("sha256", bytes),
    pack: (chunks) => {
      const name = chunks.map(({ hash }) => hash).join();
      names.set(name, chunks);
      return name;
    },
    calls: {
      openDirectUploads: async ({ chunks }) => open(chunks).map((one) => ({ ...one, receipt: one.url })),
      directStored: async ({ receipts }) => receipts.map((url) => world.confirms && world.objects.has(url)),
      openDirectDownloads: async ({ chunks }) => open(chunks),
      putDirect: async ({ url, headers }, [bytes]) => {
        world.puts += 1;
        if (world.storeFails || !url.endsWith(headers["signed"] ?? "-")) throw new OfflineError("no way");
        world.objects.set(url, (bytes as Uint8Array).slice());
      },
      getDirect: async ({ url }) => {
        const bytes = world.objects.get(url);
        if (world.storeFails || !bytes) throw new OfflineError("no way");
        return bytes;
      },
    },
  });
  return { world, direct };
}

test("[AC45] large chunks go past the server and come back so; small ones, and those that are more than the way carries, go through it", async () => {
  const { world, direct } = setUp();
  const [one, two, small] = [chunkOf(1), chunkOf(2), chunkOf(3, 1000)];
  const huge = chunkOf(4, 3 * large);
  assert.deepEqual(await direct.upload([one, small, two, huge], 2 * large), [small, huge]);
  assert.equal(world.puts, 2);
  const fetched = await direct.download([two, small, one], 2 * large);
  assert.deepEqual(
    [...fetched],
    [
      [two.hash, two.bytes],
      [one.hash, one.bytes],
    ],
  );
});

test("[AC45] nothing is asked where only small chunks travel, and a server without an object store is asked once in an hour", async () => {
  const { world, direct } = setUp();
  await direct.upload([chunkOf(1, 1000)], unbounded);
  assert.equal(world.questions, 0);
  world.hasStore = false;
  const chunk = chunkOf(1);
  assert.deepEqual(await direct.upload([chunk], unbounded), [chunk]);
  assert.equal((await direct.download([chunk], unbounded)).size, 0);
  assert.equal(world.questions, 1);
  world.nowMs += directAbsentMs;
  await direct.upload([chunk], unbounded);
  assert.equal(world.questions, 2);
});

test("[AC46] an object store that can't be reached is left alone for a while, and everything goes through the server", async () => {
  const { world, direct } = setUp();
  const chunks = Array.from({ length: 9 }, (_, fill) => chunkOf(fill));
  world.storeFails = true;
  assert.deepEqual(await direct.upload(chunks, unbounded), chunks);
  assert.ok(world.puts <= 4, "those that were under way, and no more");
  assert.equal((await direct.download(chunks, unbounded)).size, 0);
  assert.equal(world.questions, 1);
  world.storeFails = false;
  world.nowMs += directPauseMs;
  assert.deepEqual(await direct.upload(chunks, unbounded), []);
});

test("[AC46] what the store took and doesn't have then goes through the server", async () => {
  const { world, direct } = setUp();
  const chunk = chunkOf(1);
  world.confirms = false;
  assert.deepEqual(await direct.upload([chunk], unbounded), [chunk]);
});

test("[AC46] bytes that are not the chunk's are not taken", async () => {
  const { world, direct } = setUp();
  const [one, two] = [chunkOf(1), chunkOf(2)];
  await direct.upload([one, two], unbounded);
  world.objects.set(`https://s3.example.org/${one.hash}`, two.bytes);
  assert.deepEqual([...(await direct.download([one, two], unbounded)).keys()], [two.hash]);
});

test("[AC46] what the server refuses is left to be refused on the way through it; only a revoked login is told", async () => {
  const { world, direct } = setUp();
  const chunk = chunkOf(1);
  world.failure = new ProblemError("quota_exceeded");
  assert.deepEqual(await direct.upload([chunk], unbounded), [chunk]);
  world.nowMs += directPauseMs;
  world.failure = new LoginRevokedError();
  await assert.rejects(direct.upload([chunk], unbounded), LoginRevokedError);
});

test("[AC47] who comes to the server over TLS sends nothing elsewhere without", async () => {
  const chunk = chunkOf(1);
  const plain = "http://s3.example.org";
  const guarded = setUp({ origin: plain });
  assert.deepEqual(await guarded.direct.upload([chunk], unbounded), [chunk]);
  assert.equal(guarded.world.puts, 0);
  const open = setUp({ origin: plain, serverUrl: "http://satchel.example.org" });
  assert.deepEqual(await open.direct.upload([chunk], unbounded), []);
});
