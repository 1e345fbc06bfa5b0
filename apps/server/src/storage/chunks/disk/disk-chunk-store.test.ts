import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chunkStoreContract } from "../chunk-store.contract.ts";
import { DiskChunkStore } from "./disk-chunk-store.ts";
import { wrapByMasterKey } from "./key-wrapping.ts";

chunkStoreContract("the store on disk", async () => {
  const directory = await mkdtemp(join(tmpdir(), "satchel-chunks-"));
  const clock = { nowMs: 1_000_000 };
  const wrapping = wrapByMasterKey(randomBytes(32));
  // Packs so small that the properties meet their ends, and compaction.
  const open = (): Promise<DiskChunkStore> =>
    DiskChunkStore.open({ directory, wrapping, now: () => clock.nowMs, maxPackBytes: 100_000 });
  let store = await open();
  const reopen = async (): Promise<DiskChunkStore> => {
    await store.close();
    store = await open();
    return store;
  };
  const dispose = async (): Promise<void> => {
    await store.close();
    await rm(directory, { recursive: true });
  };
  return { store, clock, reopen, dispose };
});
