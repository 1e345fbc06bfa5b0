import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { ChunkHash } from "@satchel/protocol";
import type { PlacedChunk } from "../chunk-place-store.ts";
import type { MetadataStore } from "../metadata-store.ts";

/** Rules of where chunks are that an object store keeps (docs/spec/chunk-store.md). Other tests' chunks may be there as well. */
export function placesContract(getStore: () => MetadataStore): void {
  const places = () => getStore().places;
  const newKey = (): string => `test/${randomBytes(10).toString("hex")}`;
  const newHash = (): ChunkHash => randomBytes(32).toString("hex") as ChunkHash;

  /** An object of 100 bytes for each chunk. */
  async function fill(hashes: readonly ChunkHash[], nowMs = 1000, holder = ""): Promise<PlacedChunk[]> {
    const key = newKey();
    await places().announce([{ key, sizeBytes: hashes.length * 100 }], nowMs);
    const chunks = placesIn(key, hashes, holder);
    await places().place(chunks, nowMs);
    return chunks;
  }

  async function forsaken(announcedBeforeMs = 0): Promise<string[]> {
    return (await places().listForsaken({ announcedBeforeMs, limit: 1000 })).map(({ key }) => key);
  }

  test("[CS40] what was placed is found, and a sound place stays when the chunk is placed again", async () => {
    const [a, b, absent] = [newHash(), newHash(), newHash()];
    const first = await fill([a]);
    const second = await fill([a, b], 2000);
    const found = await places().find([b, absent, a, b], "");
    const sound = (chunk: PlacedChunk | undefined) => chunk && { ...chunk, isDamaged: false };
    assert.deepEqual(found, [sound(second[1]), undefined, sound(first[0]), sound(second[1])]);
    assert.deepEqual(await places().removeUntouchedSince({ hashes: [a], sinceMs: 2000 }), []);
  });

  test("[CS40] two servers that place the same chunk at once leave one place, and the object of the other is forsaken", async () => {
    const hash = newHash();
    const filled = await Promise.all(Array.from({ length: 4 }, () => fill([hash])));
    const [found] = await places().find([hash], "");
    const keys = filled.flatMap(([chunk]) => (chunk ? [chunk.objectKey] : []));
    const given = await forsaken();
    assert.ok(found && keys.includes(found.objectKey));
    assert.deepEqual(
      keys.filter((key) => !given.includes(key)),
      [found.objectKey],
    );
  });

  test("[CS51] each holder's place is its own: it is found first, stays whatever others place, and goes when the chunk goes", async () => {
    const [hash, other] = [newHash(), newHash()];
    const [anns] = await fill([hash], 1000, "ann");
    const [bobs] = await fill([hash], 2000, "bob");
    assert.ok(anns && bobs);
    const keyFor = async (holder: string) => (await places().find([hash], holder))[0]?.objectKey;
    assert.deepEqual([await keyFor("ann"), await keyFor("bob")], [anns.objectKey, bobs.objectKey]);
    await fill([hash, other], 3000, "bob");
    assert.deepEqual([await keyFor("ann"), await keyFor("bob")], [anns.objectKey, bobs.objectKey]);
    await places().markDamaged(anns);
    assert.equal(await keyFor("ann"), bobs.objectKey);
    const [again] = await fill([hash], 3000, "ann");
    assert.equal(await keyFor("ann"), again?.objectKey);
    const to = newKey();
    await places().announce([{ key: to, sizeBytes: 100 }], 1000);
    await places().move(placesIn(to, [hash], "bob"), bobs.objectKey);
    assert.deepEqual([await keyFor("ann"), await keyFor("bob")], [again?.objectKey, to]);
    const listed = await places().list({ after: lessThan(hash), limit: 1 });
    assert.deepEqual(listed, [{ hash, sizeBytes: 250, putAtMs: 3000 }]);
    assert.deepEqual(await places().removeUntouchedSince({ hashes: [hash], sinceMs: 3000 }), []);
    assert.deepEqual(await places().touch([hash, other], 3500, "ann"), [true, false]);
    assert.deepEqual(await places().removeUntouchedSince({ hashes: [hash], sinceMs: 3500 }), []);
    assert.deepEqual(await places().touch([hash], 4000), [true]);
    assert.deepEqual(await places().removeUntouchedSince({ hashes: [hash], sinceMs: 4001 }), [hash]);
    assert.equal(await keyFor("ann"), undefined);
    const given = await forsaken();
    assert.deepEqual(
      [anns.objectKey, bobs.objectKey, again?.objectKey, to].map((key) => given.includes(key ?? "")),
      [true, true, true, true],
    );
  });

  test("[CS51] of a chunk that others brought a sound place of theirs is found, and a damaged one only where all are", async () => {
    const hash = newHash();
    const placed = [];
    for (const holder of ["ann", "bob", "eve"]) placed.push(...(await fill([hash], 1000, holder)));
    const foundBy = async (holder: string) => {
      const [found] = await places().find([hash], holder);
      return [found?.holder, found?.isDamaged];
    };
    for (const place of placed.slice(0, 2)) await places().markDamaged(place);
    assert.deepEqual([await foundBy("zoe"), await foundBy("ann"), await foundBy("")], Array(3).fill(["eve", false]));
    for (const place of placed) await places().markDamaged(place);
    assert.deepEqual([(await foundBy("zoe"))[1], (await foundBy("bob"))[1]], [true, true]);
  });

  test("[CS41] an object that nobody filled is forsaken when its time is over, and filling it is refused from then on", async () => {
    const [early, late] = [newKey(), newKey()];
    await places().announce([{ key: early, sizeBytes: 100 }], 1000);
    await places().announce([{ key: late, sizeBytes: 100 }], 3000);
    const given = await forsaken(2000);
    assert.deepEqual([given.includes(early), given.includes(late)], [true, false]);
    await assert.rejects(places().place(placesIn(early, [newHash()]), 4000), /given up/);
    await places().place(placesIn(late, [newHash()]), 4000);
    await places().forget([early, late]);
    assert.equal((await forsaken(9000)).includes(late), false);
  });

  test("[CS42] an object is sparse when less than half of it is needed, forsaken when nothing is, and its chunks can be moved", async () => {
    const [kept, ...others] = [newHash(), newHash(), newHash()];
    assert.ok(kept);
    const [place] = await fill([kept, ...others]);
    assert.ok(place);
    const isSparse = async (): Promise<boolean> =>
      (await places().listSparse({ after: undefined, limit: 1000 })).some(({ key }) => key === place.objectKey);
    assert.equal(await isSparse(), false);
    await places().removeUntouchedSince({ hashes: others, sinceMs: 5000 });
    assert.equal(await isSparse(), true);
    assert.deepEqual(await places().listPlaced(place.objectKey), [place]);
    const to = newKey();
    await places().announce([{ key: to, sizeBytes: 300 }], 1000);
    // One of those that are moved was removed meanwhile.
    await places().move(placesIn(to, [kept, ...others]), place.objectKey);
    assert.deepEqual(
      (await places().find([kept, ...others], "")).map((found) => found?.objectKey),
      [to, undefined, undefined],
    );
    assert.equal(await isSparse(), false);
    assert.ok((await forsaken()).includes(place.objectKey));
  });

  test("[CS14] a damaged chunk is not touched, and placing it again gives it its new place", async () => {
    const hash = newHash();
    const [first] = await fill([hash]);
    assert.ok(first);
    await places().markDamaged(first);
    assert.deepEqual((await places().find([hash], ""))[0]?.isDamaged, true);
    assert.deepEqual(await places().touch([hash], 9000), [false]);
    const [second] = await fill([hash]);
    assert.deepEqual((await places().find([hash], ""))[0], { ...second, isDamaged: false });
    assert.ok((await forsaken()).includes(first.objectKey));
  });
}

function placesIn(objectKey: string, hashes: readonly ChunkHash[], holder = ""): PlacedChunk[] {
  return hashes.map((hash, index) => ({
    hash,
    holder,
    objectKey,
    offset: index * 100,
    storedBytes: 100,
    plainBytes: 250,
    isCompressed: true,
  }));
}

/** The hash before it: what comes after that begins with the hash itself. */
function lessThan(hash: ChunkHash): ChunkHash {
  return (BigInt(`0x${hash}`) - 1n).toString(16).padStart(hash.length, "0") as ChunkHash;
}
