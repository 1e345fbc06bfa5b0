import assert from "node:assert/strict";
import { copyFile, mkdir, open, rename, stat } from "node:fs/promises";
import { after, before, suite, test } from "node:test";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { makeBigFile } from "./support/big-file.ts";
import { bigFileBytes } from "./support/scale.ts";
import { openStage, type Stage } from "./support/stage.ts";
import { eventually } from "./support/eventually.ts";

const TIMEOUT_MS = 120_000;
const MIB = 1024 * 1024;
/** Of the file's size, in each direction of each device's network together. */
const MAX_SHARE = 0.02;

suite("a big file that changes", () => {
  let stage: Stage;

  before(async () => {
    stage = await openStage({ devices: ["a", "b"] });
    const { a, b } = devices();
    await mkdir(a.path("elsewhere"));
    await makeBigFile(a.path("big.bin"), bigFileBytes, "delta");
    await inB("big.bin", bigFileBytes);
    await a.wait(60);
    await b.wait(60);
  });
  after(async () => await stage[Symbol.asyncDispose]());

  test("1 MiB overwritten in its middle costs each device less than 2 % of the file", async (t) => {
    const { a } = devices();
    const cost = await costOf(async () => {
      await using file = await open(a.path("big.bin"), "r+");
      await file.write(Buffer.alloc(MIB, "middle"), 0, MIB, bigFileBytes / 2 + 12_345);
    });
    assertSmall(cost);
    t.diagnostic(JSON.stringify(cost));
  });

  test("1 byte inserted at its front costs each device less than 2 % of the file", async (t) => {
    const { a } = devices();
    const cost = await costOf(async () => {
      const edited = `${stage.directory}/edited.bin`;
      const target = createWriteStream(edited);
      target.write("+");
      await pipeline(createReadStream(a.path("big.bin")), target);
      await rename(edited, a.path("big.bin"));
      await inB("big.bin", bigFileBytes + 1);
    });
    assertSmall(cost);
    t.diagnostic(JSON.stringify(cost));
  });

  test("a copy of it sends no chunk, neither up nor down", async (t) => {
    const { a } = devices();
    const cost = await costOf(async () => {
      // Beside the folder first: a copy that is seen half done is a file that ends elsewhere, and has a last chunk of its own.
      const copy = `${stage.directory}/copy.bin`;
      await copyFile(a.path("big.bin"), copy);
      await rename(copy, a.path("copy.bin"));
      await inB("copy.bin", bigFileBytes + 1);
    });
    assert.equal(cost.chunkRequests, 0);
    assertSmall(cost);
    t.diagnostic(JSON.stringify(cost));
  });

  test("a move of it sends no chunk, neither up nor down", async (t) => {
    const { a } = devices();
    const cost = await costOf(async () => {
      await rename(a.path("big.bin"), a.path("elsewhere", "moved.bin"));
      await inB("elsewhere/moved.bin", bigFileBytes + 1);
    });
    assert.equal(cost.chunkRequests, 0);
    assert.ok(cost.a < 64 * 1024, `A carried ${cost.a} bytes`);
    assert.ok(cost.b < 64 * 1024, `B carried ${cost.b} bytes`);
    t.diagnostic(JSON.stringify(cost));
  });

  function devices(): { a: ReturnType<Stage["device"]>; b: ReturnType<Stage["device"]> } {
    return { a: stage.device("a"), b: stage.device("b") };
  }

  async function inB(path: string, sizeBytes: number): Promise<void> {
    const look = async (): Promise<boolean> => (await stat(devices().b.path(path))).size === sizeBytes;
    await eventually(look, { timeoutMs: TIMEOUT_MS, what: `${path} in B` });
  }

  /** Bytes that each device's network carried for a change, until all is equal, and requests that carry chunks. */
  async function costOf(change: () => Promise<void>): Promise<{ a: number; b: number; chunkRequests: number }> {
    const carried = (name: string): number => stage.network(name).totalBytes();
    const requests = (): number => stage.server.log().match(/"route":"\/v1\/chunks\/(upload|download)"/g)?.length ?? 0;
    const before = { a: carried("a"), b: carried("b"), chunkRequests: requests() };
    await change();
    await stage.waitForEqual(TIMEOUT_MS);
    return {
      a: carried("a") - before.a,
      b: carried("b") - before.b,
      chunkRequests: requests() - before.chunkRequests,
    };
  }

  function assertSmall({ a, b }: { a: number; b: number }): void {
    const limit = bigFileBytes * MAX_SHARE;
    assert.ok(a < limit, `A carried ${a} bytes, more than ${limit}`);
    assert.ok(b < limit, `B carried ${b} bytes, more than ${limit}`);
  }
});
