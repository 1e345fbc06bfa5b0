import { Worker } from "node:worker_threads";
import type { ReadText } from "../../../../storage/search/search-index.ts";
import { ProgramError } from "../../../sandbox/program-error.ts";
import type { ParsedFormat, TextFormat } from "./extract-text.ts";
import { textOfPdf } from "./pdf-text.ts";

export interface ExtractRequest {
  readonly format: ParsedFormat;
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type ExtractAnswer = { readonly text: ReadText["text"] } | { readonly error: string };

/** The longest that one file may take. */
const timeoutMs = 20_000;
/** A thread that has had nothing to do for so long is ended: at rest it would take some 30 MiB. */
const idleMs = 10_000;
/** What the thread may take for itself; the bytes of the file come to that. */
const maxHeapMiB = 192;

export interface FileToRead {
  readonly format: TextFormat;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Says what is in files that may be made to do harm. */
export interface TextExtractor {
  /** One file at a time. Null where there is no text, or the file is broken, or takes too long or too much memory. */
  extract(request: FileToRead): Promise<ReadText["text"]>;
  close(): Promise<void>;
}

/** Reads files in a thread of its own (of PDF files, what a program made of them), which begins with the first one and is replaced where one of them ended it. `onBroken` is told why a file could not be read. */
export function createTextExtractor({
  onBroken,
  limitMs = timeoutMs,
  restMs = idleMs,
}: {
  readonly onBroken: (reason: string) => void;
  readonly limitMs?: number;
  readonly restMs?: number;
}): TextExtractor {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let rest: NodeJS.Timeout | undefined;
  const closing = new AbortController();

  async function extractOne(file: FileToRead): Promise<ReadText["text"]> {
    if (closing.signal.aborted) return null;
    const request = await parsed(file, closing.signal);
    if ("failed" in request) {
      if (!closing.signal.aborted) onBroken(request.failed);
      return null;
    }
    worker ??= start();
    const answer = await ask(worker, request, limitMs);
    if ("text" in answer) return answer.text;
    if (answer.hasEnded) await end();
    if (!closing.signal.aborted) onBroken(answer.error);
    return null;
  }

  async function end(): Promise<void> {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  }

  return {
    extract(file) {
      clearTimeout(rest);
      const done = last.then(() => extractOne(file));
      const goToRest = (): void => {
        // Only after the last of those that were asked for.
        if (last === settled && !closing.signal.aborted) rest = setTimeout(() => void end().catch(() => {}), restMs);
      };
      const settled = done.then(goToRest, goToRest);
      last = settled;
      return done;
    },
    async close() {
      closing.abort();
      clearTimeout(rest);
      await end();
      await last;
    },
  };
}

/** What a program of the system has to read first is a plain text then. */
async function parsed(
  { format, name, bytes }: FileToRead,
  signal: AbortSignal,
): Promise<ExtractRequest | { readonly failed: string }> {
  if (format !== "pdf") return { format, name, bytes };
  try {
    return { format: "plain", name, bytes: await textOfPdf(bytes, signal) };
  } catch (error) {
    if (error instanceof ProgramError || signal.aborted) return { failed: String(error) };
    throw error;
  }
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
