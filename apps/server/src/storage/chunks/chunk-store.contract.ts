import assert from "node:assert/strict";
import { hash as digest } from "node:crypto";
import { describe, test } from "node:test";
import { maxChunkSizeBytes, type ChunkHash } from "@satchel/protocol";
import { testRuns } from "@satchel/testkit";
import fc from "fast-check";
import { maxChunksPerCall, type ChunkBytes, type ChunkStore } from "./chunk-store.ts";
import { ChunkMismatchError, ChunkStoreFailedError } from "./chunk-store-errors.ts";

/** A store under test, with the clock that it reads. */
export interface StoreUnderTest {
  readonly store: ChunkStore;
  readonly clock: { nowMs: number };
  /** Closes the store and opens it again on what it kept; undefined for a store that keeps nothing. */
  readonly reopen: (() => Promise<ChunkStore>) | undefined;
  /** Closes the store and removes its files. */
  readonly dispose: () => Promise<void>;
}

/** A chunk with its right hash, its bytes in a buffer of their own: a put may take them. */
export function chunkOf(content: Uint8Array | string): ChunkBytes {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
  return { hash: digest("sha256", bytes, "hex") as ChunkHash, bytes };
}

/** What every chunk store does (docs/spec/chunk-store.md). */
export function chunkStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the chunk store contract, kept by ${name}`, () => {
    const withStore = (body: (under: StoreUnderTest) => Promise<void>) => async (): Promise<void> => {
      const under = await open();
      try {
        await body(under);
      } finally {
        await under.dispose();
      }
    };
    describe("putting and getting", () => puttingAndGetting(withStore));
    describe("removing", () => removing(withStore));
    describe("bounds and closing", () => boundsAndClosing(withStore));
    test("[CS1] any sequence of calls answers as a map would", { timeout: 60_000 }, () => behavesLikeAMap(open));
  });
}

type WithStore = (body: (under: StoreUnderTest) => Promise<void>) => () => Promise<void>;

const absent = chunkOf("never put").hash;

function puttingAndGetting(withStore: WithStore): void {
  test(
    "[CS1] what was put is got, in the order of the question, with undefined for what is absent",
    withStore(async ({ store }) => {
      const [a, b] = [chunkOf("a"), chunkOf("b")];
      await store.put([chunkOf("a"), chunkOf("b")]);
      assert.deepEqual((await store.get([b.hash, absent, a.hash, b.hash])).map(text), ["b", undefined, "a", "b"]);
      assert.deepEqual(await store.has([a.hash, absent, a.hash]), [true, false, true]);
    }),
  );
  test(
    "[CS34] memory that is given for the plaintexts changes none of the answers, and holds each at most once",
    withStore(async ({ store }) => {
      const noise = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 2654435761) >>> 13);
      const contents = [noise, new Uint8Array(70_000).fill(7), Uint8Array.of(1), noise.subarray(5, 100_005)];
      const hashes = contents.map((content) => chunkOf(content).hash);
      await store.put(contents.map(chunkOf));
      const bytes = contents.reduce((sum, content) => sum + content.length, 0);
      for (const roomBytes of [bytes, 150_000, 0]) {
        const into = new Uint8Array(new SharedArrayBuffer(roomBytes + 100)).subarray(50, 50 + roomBytes).fill(9);
        const got = await store.get([...hashes, hashes[0] as ChunkHash, absent], into);
        [...contents, noise, undefined].forEach((content, position) => {
          const answer = got[position];
          assert.ok(answer === undefined ? content === undefined : content && Buffer.compare(answer, content) === 0);
        });
        const outside = new Uint8Array(into.buffer);
        assert.ok([...outside.subarray(0, 50), ...outside.subarray(50 + roomBytes)].every((byte) => byte === 0));
      }
    }),
  );
  test(
    "[CS2] the smallest and the largest chunk, compressible or not, come back whole",
    withStore(async ({ store }) => {
      const noise = Uint8Array.from({ length: maxChunkSizeBytes }, (_, at) => (at * 2654435761) >>> 13);
      const contents = [Uint8Array.of(0), new Uint8Array(maxChunkSizeBytes), noise, noise.subarray(7, 70_000)];
      await store.put(contents.map(chunkOf));
      const got = await store.get(contents.map((content) => chunkOf(content).hash));
      got.forEach((bytes, position) =>
        assert.ok(bytes !== undefined && Buffer.compare(bytes, contents[position] ?? new Uint8Array()) === 0),
      );
    }),
  );
  test(
    "[CS3] bytes with a wrong hash are refused by name, and nothing of the call is stored",
    withStore(async ({ store }) => {
      const wrong = { hash: absent, bytes: chunkOf("other").bytes };
      const refused = store.put([chunkOf("good"), wrong]);
      await assert.rejects(
        refused,
        (error) => error instanceof ChunkMismatchError && error.hash === absent && error.code === "chunk_mismatch",
      );
      assert.deepEqual(await store.has([chunkOf("good").hash, absent]), [false, false]);
    }),
  );
  test(
    "[CS2] an empty chunk and one over 4 MiB are refused",
    withStore(async ({ store }) => {
      await assert.rejects(store.put([chunkOf("")]), ChunkMismatchError);
      await assert.rejects(store.put([chunkOf(new Uint8Array(maxChunkSizeBytes + 1))]), ChunkMismatchError);
      assert.equal((await store.statistics()).chunks, 0);
    }),
  );
  test(
    "[CS4] the same chunk put twice, in one call, in two at once, and later, is stored once",
    withStore(async ({ store }) => {
      await Promise.all([store.put([chunkOf("same"), chunkOf("same")]), store.put([chunkOf("same")])]);
      await store.put([chunkOf("same")]);
      const { chunks, plainBytes } = await store.statistics();
      assert.deepEqual({ chunks, plainBytes }, { chunks: 1, plainBytes: 4 });
    }),
  );
  test(
    "[CS50] what is put on somebody's behalf and not held is written again, reads as ever, and its copies go with a compaction",
    withStore(async ({ store, clock }) => {
      const [a, b] = [chunkOf("a"), chunkOf("b")];
      const behalf = { holder: "bob", held: new Set([b.hash]) };
      await store.put([chunkOf("a"), chunkOf("b")]);
      clock.nowMs += 1000;
      await store.put([chunkOf("a"), chunkOf("b"), chunkOf("a")], behalf);
      await Promise.all([store.put([chunkOf("a")], behalf), store.put([chunkOf("a")], behalf)]);
      const look = async () => [
        (await store.get([a.hash, b.hash], undefined, "bob")).map(text),
        (await store.get([a.hash, b.hash], undefined, "ann")).map(text),
        await store.has([a.hash, b.hash]),
        (await store.list({ after: undefined, limit: 9 })).map(({ hash, putAtMs }) => [hash, putAtMs]),
      ];
      const expected = [
        ["a", "b"],
        ["a", "b"],
        [true, true],
        [a.hash, b.hash].sort().map((hash) => [hash, clock.nowMs]),
      ];
      assert.deepEqual(await look(), expected);
      await store.compact();
      assert.deepEqual(await look(), expected);
      assert.equal((await store.statistics()).chunks, 2);
      clock.nowMs += 1000;
      await store.put([chunkOf("a")], behalf);
      const hashes = [a.hash, b.hash];
      // A copy that was put later keeps all of them.
      assert.deepEqual(await store.removeUntouchedSince({ hashes, sinceMs: clock.nowMs }), [b.hash]);
      clock.nowMs += 1000;
      assert.deepEqual(await store.removeUntouchedSince({ hashes, sinceMs: clock.nowMs }), [a.hash]);
      assert.deepEqual(await store.has(hashes), [false, false]);
    }),
  );
  test(
    "[CS5] the listing pages through all chunks in hash order",
    withStore(async ({ store, clock }) => {
      clock.nowMs += 1000;
      const chunks = Array.from({ length: 7 }, (_, number) => chunkOf(`chunk ${number}`));
      const sorted = chunks.map((chunk) => chunk.hash).sort();
      await store.put(chunks);
      const pages = [];
      let after: ChunkHash | undefined;
      for (
        let page = await store.list({ after, limit: 3 });
        page.length > 0;
        page = await store.list({ after, limit: 3 })
      ) {
        pages.push(page.map((chunk) => chunk.hash));
        assert.deepEqual(
          new Set(page.map(({ sizeBytes, putAtMs }) => `${sizeBytes} ${putAtMs}`)),
          new Set([`7 ${clock.nowMs}`]),
        );
        after = page.at(-1)?.hash;
      }
      assert.deepEqual(pages, [sorted.slice(0, 3), sorted.slice(3, 6), sorted.slice(6)]);
    }),
  );
}

function removing(withStore: WithStore): void {
  test(
    "[CS6] only chunks whose last put is before the given time are removed, and they are named",
    withStore(async ({ store, clock }) => {
      await store.put([chunkOf("old"), chunkOf("kept")]);
      clock.nowMs += 1000;
      await store.put([chunkOf("new")]);
      const [old, kept, fresh] = [chunkOf("old").hash, chunkOf("kept").hash, chunkOf("new").hash];
      assert.deepEqual(await store.removeUntouchedSince({ hashes: [fresh, old, absent], sinceMs: clock.nowMs }), [old]);
      assert.deepEqual(await store.has([old, kept, fresh]), [false, true, true]);
      assert.deepEqual((await store.get([old, kept])).map(text), [undefined, "kept"]);
    }),
  );
  test(
    "[CS7] a put of a present chunk and a touch both keep the collector away",
    withStore(async ({ store, clock }) => {
      const hashes = [chunkOf("put again").hash, chunkOf("touched").hash, chunkOf("left").hash];
      await store.put([chunkOf("put again"), chunkOf("touched"), chunkOf("left")]);
      clock.nowMs += 1000;
      await store.put([chunkOf("put again")]);
      assert.deepEqual(await store.touch([chunkOf("touched").hash, absent]), [true, false]);
      assert.deepEqual(await store.removeUntouchedSince({ hashes, sinceMs: clock.nowMs }), [chunkOf("left").hash]);
    }),
  );
  test(
    "[CS7] a clock that goes back does not make a chunk older",
    withStore(async ({ store, clock }) => {
      clock.nowMs += 1000;
      const putAtMs = clock.nowMs;
      await store.put([chunkOf("a")]);
      clock.nowMs -= 500;
      await store.put([chunkOf("a")]);
      assert.deepEqual(await store.removeUntouchedSince({ hashes: [chunkOf("a").hash], sinceMs: putAtMs }), []);
    }),
  );
  test(
    "[CS8] a removed chunk can be put again, and compaction keeps what is there",
    withStore(async ({ store, clock }) => {
      await store.put([chunkOf("a"), chunkOf("b")]);
      clock.nowMs += 1000;
      await store.removeUntouchedSince({ hashes: [chunkOf("a").hash], sinceMs: clock.nowMs });
      await store.put([chunkOf("a")]);
      const { freedBytes } = await store.compact();
      assert.ok(freedBytes >= 0);
      assert.deepEqual((await store.get([chunkOf("a").hash, chunkOf("b").hash])).map(text), ["a", "b"]);
    }),
  );
}

function boundsAndClosing(withStore: WithStore): void {
  test(
    "[CS9] a call that names too many chunks is a RangeError",
    withStore(async ({ store }) => {
      const hashes = Array.from({ length: maxChunksPerCall + 1 }, () => absent);
      await assert.rejects(store.has(hashes), RangeError);
      await assert.rejects(store.get(hashes), RangeError);
      await assert.rejects(store.list({ after: undefined, limit: maxChunksPerCall + 1 }), RangeError);
      assert.deepEqual(await store.get([]), []);
      await store.put([]);
    }),
  );
  test(
    "[CS10] closing finishes the calls that were made, and later ones are refused",
    withStore(async ({ store, reopen }) => {
      const put = store.put([chunkOf("last")]);
      assert.equal(store.failure(), undefined);
      await Promise.all([store.close(), put]);
      await assert.rejects(store.get([absent]), ChunkStoreFailedError);
      await assert.rejects(store.put([chunkOf("late")]), ChunkStoreFailedError);
      assert.ok(store.failure() instanceof ChunkStoreFailedError);
      if (reopen !== undefined)
        assert.deepEqual((await (await reopen()).get([chunkOf("last").hash])).map(text), ["last"]);
    }),
  );
}

/** The model: content number -> time of its last put. */
type Model = Map<number, number>;

type Step = (under: { store: ChunkStore; clock: { nowMs: number } }, model: Model) => Promise<void>;

/** Contents of very different sizes; the odd ones do not compress. */
function content(number: number): Uint8Array {
  const sizeBytes = [1, 100, 5_000, 70_000][number % 4] ?? 1;
  return Uint8Array.from(
    { length: sizeBytes },
    (_, at) => (number % 2 === 0 ? number : (at + number) * 2654435761) >>> 11 || number,
  );
}

const contentCount = 12;
const someContents = fc.array(fc.nat({ max: contentCount - 1 }), { maxLength: 6 });
const chunks = Array.from({ length: contentCount }, (_, number) => chunkOf(content(number)));
const hashOf = (number: number): ChunkHash => chunks[number]?.hash ?? absent;
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  someContents.map((numbers): Step => async ({ store, clock }, model) => {
    await store.put(numbers.map((number) => chunkOf(content(number))));
    for (const number of numbers) model.set(number, clock.nowMs);
  }),
  fc.tuple(someContents, someContents).map(([numbers, held]): Step => async ({ store, clock }, model) => {
    const behalf = { holder: "somebody", held: new Set(held.map(hashOf)) };
    await store.put(
      numbers.map((number) => chunkOf(content(number))),
      behalf,
    );
    for (const number of numbers) model.set(number, clock.nowMs);
    // Copies count until they are gone.
    await store.compact();
  }),
  someContents.map((numbers): Step => async ({ store, clock }, model) => {
    assert.deepEqual(
      await store.touch(numbers.map(hashOf)),
      numbers.map((number) => model.has(number)),
    );
    for (const number of numbers) if (model.has(number)) model.set(number, clock.nowMs);
  }),
  fc.tuple(someContents, fc.nat({ max: 20 })).map(([numbers, ago]): Step => async ({ store, clock }, model) => {
    const sinceMs = clock.nowMs - ago;
    const expected = numbers.filter((number) => (model.get(number) ?? sinceMs) < sinceMs && model.delete(number));
    assert.deepEqual(await store.removeUntouchedSince({ hashes: numbers.map(hashOf), sinceMs }), expected.map(hashOf));
  }),
  fc.nat({ max: 10 }).map(
    (ms): Step =>
      async ({ clock }) =>
        void (clock.nowMs += ms),
  ),
  fc.constant<Step>(async ({ store }) => void (await store.compact())),
);

async function behavesLikeAMap(open: () => Promise<StoreUnderTest>): Promise<void> {
  const runs = fc.array(
    fc.oneof({ weight: 8, arbitrary: stepArbitrary }, { weight: 1, arbitrary: fc.constant("reopen" as const) }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(runs, async (steps) => {
      const under = await open();
      const model: Model = new Map();
      let store = under.store;
      try {
        for (const step of steps) {
          if (step !== "reopen") await step({ store, clock: under.clock }, model);
          else if (under.reopen !== undefined) store = await under.reopen();
          await compareWithModel(store, model);
        }
      } finally {
        await under.dispose();
      }
    }),
    { numRuns: testRuns(4) },
  );
}

async function compareWithModel(store: ChunkStore, model: Model): Promise<void> {
  const got = await store.get(chunks.map((chunk) => chunk.hash));
  got.forEach((bytes, number) =>
    assert.deepEqual(bytes && Buffer.from(bytes), model.has(number) ? Buffer.from(content(number)) : undefined),
  );
  const listed = await store.list({ after: undefined, limit: contentCount + 1 });
  const expected = [...model].map(([number, putAtMs]) => ({
    hash: hashOf(number),
    sizeBytes: content(number).length,
    putAtMs,
  }));
  assert.deepEqual(
    listed,
    expected.sort((a, b) => (a.hash < b.hash ? -1 : 1)),
  );
  const { chunks: count, plainBytes } = await store.statistics();
  assert.deepEqual(
    { count, plainBytes },
    { count: model.size, plainBytes: expected.reduce((sum, chunk) => sum + chunk.sizeBytes, 0) },
  );
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
