import { memorySharedCache } from "./memory-shared-cache.fixture.ts";
import { sharedCacheContract } from "./shared-cache.contract.ts";

sharedCacheContract("in memory", async () => {
  const { cache } = memorySharedCache();
  return { one: cache, other: cache };
});
