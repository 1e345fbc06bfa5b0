import { parentPort, workerData } from "node:worker_threads";
import { randomPool } from "../../../memory/random-pool.ts";
import type { MetadataStore } from "../metadata-store.ts";
import { answerCalls, type Call } from "./answer-calls.ts";
import { openInThreadMetadataStore } from "./open-in-thread.ts";
import { storeMethods } from "./store-methods.ts";
import type { WorkerSettings } from "./worker-messages.ts";

/** The thread that SQLite's calls block, instead of the one that serves requests. Calls that arrive while a commit is flushed share the next one. */
if (!parentPort) throw new Error("store-worker runs in a worker thread");
const { path, readOnly = false } = workerData as WorkerSettings;
await answerCalls(parentPort, async () =>
  callTable(await openInThreadMetadataStore({ path, readOnly, randomBytes: randomPool(), schedule: setImmediate })),
);

function callTable(store: MetadataStore): ReadonlyMap<string, Call> {
  const calls = new Map<string, Call>([
    ["store.ping", () => store.ping()],
    ["store.close", () => store.close()],
  ]);
  for (const [section, methods] of Object.entries(storeMethods)) {
    const owner = store[section as keyof typeof storeMethods] as unknown as Record<string, Call | undefined>;
    for (const method of methods) {
      const call = owner[method];
      if (call) calls.set(`${section}.${method}`, call);
    }
  }
  return calls;
}
