import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { ChunkBytes } from "../chunk-store.ts";
import { chunkOf } from "../chunk-store.contract.ts";
import { DiskChunkStore, packDirectoryName, type DiskChunkStoreOptions } from "./disk-chunk-store.ts";
import { wrapByMasterKey, type KeyWrapping } from "./key-wrapping.ts";

/** A directory for one test, and stores opened on it one after the other; all gone when the test ends. */
export interface TestDirectory {
  readonly directory: string;
  readonly clock: { nowMs: number };
  readonly wrapping: KeyWrapping;
  /** Closes the store that is open, if any, and opens another. */
  readonly open: (changes?: Partial<DiskChunkStoreOptions>) => Promise<DiskChunkStore>;
  readonly close: () => Promise<void>;
  /** The paths of the packs, oldest first. */
  readonly packs: () => Promise<string[]>;
}

export async function testDirectory(t: TestContext): Promise<TestDirectory> {
  const directory = await mkdtemp(join(tmpdir(), "satchel-chunks-"));
  const clock = { nowMs: 1_000_000 };
  const wrapping = wrapByMasterKey(randomBytes(32));
  let store: DiskChunkStore | undefined;
  const close = async (): Promise<void> => {
    await store?.close();
    store = undefined;
  };
  t.after(async () => {
    await close();
    await rm(directory, { recursive: true });
  });
  const open = async (changes: Partial<DiskChunkStoreOptions> = {}): Promise<DiskChunkStore> => {
    await close();
    store = await DiskChunkStore.open({ directory, wrapping, now: () => clock.nowMs, ...changes });
    return store;
  };
  const packDirectory = join(directory, packDirectoryName);
  const packs = async (): Promise<string[]> =>
    (await readdir(packDirectory)).sort().map((name) => join(packDirectory, name));
  return { directory, clock, wrapping, open, close, packs };
}

/** Chunks of random bytes, which take the same room in a pack as in memory. */
export function randomChunks(count: number, sizeBytes: number): ChunkBytes[] {
  return Array.from({ length: count }, () => chunkOf(randomBytes(sizeBytes)));
}
