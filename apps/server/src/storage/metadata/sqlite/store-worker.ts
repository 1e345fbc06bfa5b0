import { parentPort, workerData } from "node:worker_threads";
import { randomPool } from "../../../memory/random-pool.ts";
import type { MetadataStore } from "../metadata-store.ts";
import { openInThreadMetadataStore } from "./open-in-thread.ts";
import { storeMethods } from "./store-methods.ts";
import { encodeError, type AnswerMessage, type CallMessage, type WorkerSettings } from "./worker-messages.ts";

/** The thread that SQLite's calls block, instead of the one that serves requests. Calls that arrive while a commit is flushed share the next one. */
async function serve(port: NonNullable<typeof parentPort>, { path }: WorkerSettings): Promise<void> {
  const answer = (message: AnswerMessage) => port.postMessage(message);
  try {
    const store = await openInThreadMetadataStore({ path, randomBytes: randomPool(), schedule: setImmediate });
    const calls = callTable(store);
    port.on("message", (message: CallMessage) => {
      carryOut(calls, message).then(answer, (error: unknown) => answer({ id: message.id, error: encodeError(error) }));
    });
    answer({ id: 0, value: undefined });
  } catch (error) {
    answer({ id: 0, error: encodeError(error) });
  }
}

type Call = (...parameters: readonly unknown[]) => Promise<unknown>;

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

async function carryOut(calls: ReadonlyMap<string, Call>, message: CallMessage): Promise<AnswerMessage> {
  const call = calls.get(`${message.section}.${message.method}`);
  if (!call) throw new Error(`the store has no method ${message.section}.${message.method}`);
  return { id: message.id, value: await call(...message.parameters) };
}

if (!parentPort) throw new Error("store-worker runs in a worker thread");
await serve(parentPort, workerData as WorkerSettings);
