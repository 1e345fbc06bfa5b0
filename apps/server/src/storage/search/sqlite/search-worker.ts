import { parentPort, workerData } from "node:worker_threads";
import { answerCalls, type Call } from "../../metadata/sqlite/answer-calls.ts";
import { openInThreadSearchIndex } from "./open-in-thread-search.ts";
import type { SearchThreadSettings } from "./open-sqlite-search.ts";
import { searchMethods } from "./search-methods.ts";

/** The thread in which names are cut into pieces and looked up. */
if (!parentPort) throw new Error("search-worker runs in a worker thread");
const { path, key } = workerData as SearchThreadSettings;
await answerCalls(parentPort, async () => {
  const index = await openInThreadSearchIndex({ path, key, schedule: setImmediate });
  const methods = index as unknown as Record<string, Call>;
  return new Map(
    searchMethods.flatMap((method) => {
      const call = methods[method];
      return call ? [[`search.${method}`, call] as const] : [];
    }),
  );
});
