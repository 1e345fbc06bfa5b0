import { Worker } from "node:worker_threads";
import type { ReadText } from "../../../../storage/search/search-index.ts";
import type { TextFormat } from "./extract-text.ts";

export interface ExtractRequest {
  readonly format: TextFormat;
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type ExtractAnswer = { readonly text: ReadText["text"] } | { readonly error: string };

/** The longest that one file may take. */
const timeoutMs = 20_000;
/** What the thread may take for itself; the bytes of the file come to that. */
const maxHeapMiB = 192;

/** Says what is in files that may be made to do harm. */
export interface TextExtractor {
  /** One file at a time. Null where there is no text, or the file is broken, or takes too long or too much memory. */
  extract(request: ExtractRequest): Promise<ReadText["text"]>;
  close(): Promise<void>;
}

/** Reads files in a thread of its own, which begins with the first one and is replaced where one of them ended it. `onBroken` is told why a file could not be read. */
export function createTextExtractor({
  onBroken,
  limitMs = timeoutMs,
}: {
  readonly onBroken: (reason: string) => void;
  readonly limitMs?: number;
}): TextExtractor {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  async function extractOne(request: ExtractRequest): Promise<ReadText["text"]> {
    if (isClosed) return null;
    worker ??= start();
    const answer = await ask(worker, request, limitMs);
    if ("text" in answer) return answer.text;
    if (answer.hasEnded) {
      await worker.terminate();
      worker = undefined;
    }
    if (!isClosed) onBroken(answer.error);
    return null;
  }

  return {
    extract(request) {
      const done = last.then(() => extractOne(request));
      last = done.catch(() => {});
      return done;
    },
    async close() {
      isClosed = true;
      await worker?.terminate();
      await last;
    },
  };
}

function start(): Worker {
  const worker = new Worker(new URL("./extract-worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB },
  });
  // What fails while it is ended has nobody to tell.
  return worker.on("error", () => {});
}

type Outcome = { readonly text: ReadText["text"] } | { readonly error: string; readonly hasEnded: boolean };

function ask(worker: Worker, request: ExtractRequest, limitMs: number): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const ended = (error: string) => (): void => resolve({ error, hasEnded: true });
  const onError = (error: unknown): void => ended(String(error))();
  const onExit = ended("the thread ended");
  const onMessage = (answer: ExtractAnswer): void =>
    resolve("error" in answer ? { error: answer.error, hasEnded: false } : answer);
  const timer = setTimeout(ended(`it took more than ${limitMs} ms`), limitMs);
  worker.on("message", onMessage).on("error", onError).on("exit", onExit);
  worker.postMessage(request);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off("message", onMessage).off("exit", onExit).off("error", onError);
  });
}
