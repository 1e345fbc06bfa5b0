import { chunkStoreContract } from "./chunk-store.contract.ts";
import { MemoryChunkStore } from "./memory-chunk-store.ts";

chunkStoreContract("the store in memory", async () => {
  const clock = { nowMs: 1_000_000 };
  const store = new MemoryChunkStore({ now: () => clock.nowMs });
  return { store, clock, reopen: undefined, dispose: () => store.close() };
});
