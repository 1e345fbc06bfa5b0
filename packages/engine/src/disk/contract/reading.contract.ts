import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@satchel/testkit";
import { DiskError } from "../../ports/disk.ts";
import { text, cut, contentOf, fails, type Get } from "./contract.fixture.ts";

/** How contents are read and cut. */
export function describeReading(get: Get): void {
  test("[DK15] reads small files whole, each with its own outcome", async () => {
    const { disk, user } = get();
    const random = seededRandom("small");
    const contents = [0, 1, 5000, 16_384, 16_385, 100_000, 256 * 1024].map((size) => random.bytes(size));
    contents.forEach((bytes, index) => user.writeFile(`f${index}`, bytes));
    user.makeFolder("folder");
    user.symlink("f1", "link");
    user.writeFile("large", random.bytes(256 * 1024 + 1));
    const bad = ["nothing", "folder", "link", "large"];
    const outcomes = await disk.reader.readSmall([...bad, ...contents.keys().map((index) => `f${index}`)]);
    const codes = outcomes.slice(0, bad.length).map((outcome) => outcome instanceof DiskError && outcome.code);
    assert.deepEqual(codes, ["gone", "changed", "changed", "changed"]);
    for (const [index, bytes] of contents.entries()) {
      const outcome = outcomes[bad.length + index];
      assert.ok(outcome !== undefined && !(outcome instanceof DiskError));
      const { versionHash: hash, packedChunks } = contentOf(bytes);
      assert.deepEqual([outcome.versionHash, outcome.stat], [hash, await disk.stat(`f${index}`)]);
      assert.ok(Buffer.from(packedChunks).equals(outcome.packedChunks));
      assert.ok(outcome.bytes !== undefined && Buffer.from(bytes).equals(outcome.bytes));
    }
  });

  test("[DK15] [DK16] cuts as a stream as it cuts whole, telling chunks in order", async () => {
    const { disk, user } = get();
    const bytes = seededRandom("cut").bytes(12 * 1024 * 1024);
    for (const content of [bytes, bytes.subarray(0, 100_000), bytes.subarray(0, 0)]) {
      user.writeFile("f", content);
      const told: unknown[] = [];
      let isBusy = 0;
      const outcome = await disk.reader.cut("f", {
        previousSizeBytes: null,
        onChunks: async (chunks) => {
          isBusy += 1;
          await Promise.resolve();
          told.push(...chunks);
          isBusy -= 1;
        },
      });
      assert.equal(isBusy, 0);
      assert.deepEqual(
        told,
        cut(content).map(({ hash, sizeBytes, offset }) => ({ hash, offset, sizeBytes })),
      );
      const { versionHash: hash, packedChunks } = contentOf(content);
      assert.equal(outcome.versionHash, hash);
      assert.ok(Buffer.from(packedChunks).equals(outcome.packedChunks));
      assert.deepEqual(outcome.stat, await disk.stat("f"));
    }
  });

  test("[DK15] cuts a grown file as coarsely as its last version", async () => {
    const { disk, user } = get();
    user.writeFile("f", new Uint8Array(3_000_000));
    const chunkSizes = async (previous: { previousSizeBytes: number; previousChunkCount: number }) => {
      const sizes: number[] = [];
      const onChunks = async (chunks: readonly { sizeBytes: number }[]): Promise<void> => {
        sizes.push(...chunks.map(({ sizeBytes }) => sizeBytes));
        await Promise.resolve();
      };
      await disk.reader.cut("f", { ...previous, onChunks });
      return sizes[0];
    };
    assert.equal(await chunkSizes({ previousSizeBytes: 100e6, previousChunkCount: 1600 }), 256 * 1024);
  });

  test("[DK14] a file that changes while it is cut is no version", async () => {
    const { disk, user } = get();
    user.writeFile("f", seededRandom("changing").bytes(24 * 1024 * 1024));
    let isFirst = true;
    const cutting = disk.reader.cut("f", {
      previousSizeBytes: null,
      onChunks: async () => {
        if (isFirst) user.writeFile("f", text("short"));
        isFirst = false;
        await Promise.resolve();
      },
    });
    await fails(cutting, "changed");
  });

  test("[DK16] what fails in the caller of a cut ends the cut with it", async () => {
    const { disk, user } = get();
    user.writeFile("f", seededRandom("fails").bytes(4 * 1024 * 1024));
    const failure = new Error("no more");
    const cutting = disk.reader.cut("f", { previousSizeBytes: null, onChunks: () => Promise.reject(failure) });
    await assert.rejects(cutting, (error) => error === failure);
    await fails(disk.reader.cut("nothing", { previousSizeBytes: null, onChunks: () => Promise.resolve() }), "gone");
  });

  test("[DK14] reads chunks again, as long as they are there", async () => {
    const { disk, user } = get();
    const bytes = seededRandom("chunks").bytes(1_000_000);
    user.writeFile("f", bytes);
    const read = await disk.reader.readChunks("f", cut(bytes));
    assert.ok(Buffer.concat(read).equals(bytes));
    user.writeFile("f", bytes.subarray(0, 1000));
    await fails(disk.reader.readChunks("f", cut(bytes)), "changed");
  });
}
