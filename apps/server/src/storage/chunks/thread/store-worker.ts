import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { ChunkHash } from "@satchel/protocol";
import { ChunkReader } from "../disk/chunk-reader.ts";
import { openDataKeys } from "../disk/data-keys.ts";
import { DiskChunkStore, indexFileName, packDirectoryName } from "../disk/disk-chunk-store.ts";
import { openIndexForReading } from "../disk/index-database.ts";
import { wrapByMasterKey } from "../disk/key-wrapping.ts";
import { releaseBuffer } from "../../../memory/release-bytes.ts";
import { restWhenQuiet } from "../../../memory/rest-when-quiet.ts";
import { handOver } from "./hand-over.ts";
import {
  sendableError,
  type ThreadCallName,
  type ThreadCalls,
  type ThreadQuestion,
  type ThreadStart,
} from "./thread-messages.ts";

/* What runs in a thread of the store. It answers each question as it is ready, so not in order. */

type Handlers = {
  readonly [Name in ThreadCallName]?: (argument: ThreadCalls[Name][0]) => Promise<ThreadCalls[Name][1]>;
};

const start = workerData as ThreadStart;
const port = parentPort;
if (port === null) throw new Error("store-worker.ts runs in a worker thread");
let nowMs = 0;
let handlers: Handlers | undefined;
const touched = restWhenQuiet();

port.on("message", (question: ThreadQuestion) => {
  touched();
  answer(question).catch(endThread);
});

/** A question that could not even be answered with an error is a bug: it ends the thread, and the store reports that it failed. */
function endThread(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

async function answer({ id, name, argument, nowMs: askedAtMs }: ThreadQuestion): Promise<void> {
  nowMs = Math.max(nowMs, askedAtMs);
  try {
    const value: unknown = await handle(name, argument);
    if (name !== "get") return port?.postMessage({ id, value });
    const { views, buffers } = handOver(value as ThreadCalls["get"][1]);
    port?.postMessage({ id, value: views }, buffers);
  } catch (error) {
    port?.postMessage({ id, error: sendableError(error) });
  }
}

async function handle(name: ThreadCallName, argument: unknown): Promise<unknown> {
  if (name === "open") {
    handlers = start.role === "writer" ? await openWriter() : await openReader();
    return undefined;
  }
  const handler = handlers?.[name] as ((argument: unknown) => Promise<unknown>) | undefined;
  if (handler === undefined) throw new Error(`the ${start.role} of the chunk store does not ${name}`);
  return handler(argument);
}

async function openWriter(): Promise<Handlers> {
  const { directory, masterKey, maxPackBytes } = start;
  const bounds = maxPackBytes === undefined ? {} : { maxPackBytes };
  const store = await DiskChunkStore.open({
    directory,
    wrapping: wrapByMasterKey(masterKey),
    now: () => nowMs,
    ...bounds,
  });
  return {
    put: async ({ hashes, bytes, behalf }) => {
      try {
        const chunks = hashes.map((hash, position) => ({ hash, bytes: bytes[position] ?? new Uint8Array() }));
        await store.put(chunks, behalf);
      } finally {
        // They were handed over, and `put` has made its own records of them.
        for (const buffer of new Set(bytes.map((view) => view.buffer))) releaseBuffer(buffer);
      }
      return undefined;
    },
    touch: (hashes) => store.touch(hashes),
    removeUntouchedSince: (request) => store.removeUntouchedSince(request),
    compact: () => store.compact(),
    statistics: () => store.statistics(),
    distrust: async (hash: ChunkHash) => {
      await store.distrust(hash);
      return undefined;
    },
    close: async () => {
      await store.close();
      return undefined;
    },
  };
}

async function openReader(): Promise<Handlers> {
  const { directory, masterKey } = start;
  const keys = await openDataKeys({ directory, wrapping: wrapByMasterKey(masterKey), mayCreate: false });
  const database = openIndexForReading(join(directory, indexFileName));
  const reader = new ChunkReader({ database, packDirectory: join(directory, packDirectoryName), keys });
  return {
    get: async ({ hashes, into }) => reader.get(hashes, into),
    has: async (hashes) => reader.has(hashes),
    list: async ({ after, limit }) => reader.list(after, limit),
    releaseFiles: async () => {
      reader.release();
      return undefined;
    },
    close: async () => {
      reader.release();
      database.close();
      return undefined;
    },
  };
}
