import { ProblemError, type EntryId } from "@satchel/protocol";
import type { Host } from "../../../host.ts";
import type { ReadText, SearchIndex, UnreadEntry } from "../../../storage/search/search-index.ts";
import { isNoText } from "./extract/decode-text.ts";
import { neededBytesOf, textFormatOf } from "./extract/extract-text.ts";
import { canReadPdf } from "./extract/pdf-text.ts";
import type { TextExtractor } from "./extract/text-extractor.ts";
import { readContent, type ReadContentParts } from "./read-content.ts";

/** Files that are listed together, and texts that are put together: of the latter fewer, since each holds up searches on SQLite for some milliseconds. */
const filesPerStep = 100;
const textsPerPut = 8;
/** After something failed it is gone on after this time. */
const retryMs = 30_000;
/** Files of one round that may fail for themselves. */
const maxFailed = 10;

export interface TextReader {
  /** Names were indexed: there may be something to read. */
  wake(): void;
  /** Reads what is to be read, until nothing is left. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

interface TextReaderParts extends ReadContentParts {
  readonly index: SearchIndex;
  readonly extractor: TextExtractor;
  readonly host: Host;
  readonly onFailure: (error: unknown) => void;
}

/** Reads the texts of files that the index wants to have, the latest first, one after the other and beside all else. What there is to do is in the index, so it may be killed anywhere. */
export function startTextReader(parts: TextReaderParts): TextReader {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let isQueued = false;
  let cancel: (() => void) | undefined;

  const run = (): Promise<void> => {
    isQueued = false;
    return readAll(parts, stopping.signal);
  };

  function wake(): void {
    if (isQueued || cancel || stopping.signal.aborted) return;
    isQueued = true;
    running = running.then(run).catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      parts.onFailure(error);
      cancel = parts.host.after(retryMs, () => {
        cancel = undefined;
        wake();
      });
    });
  }

  return {
    wake,
    async catchUp() {
      const done = running.then(run);
      running = done.catch(() => {});
      await done;
    },
    async stop() {
      stopping.abort();
      cancel?.();
      // What is being read is given up first: it may take long.
      await parts.extractor.close();
      await running;
    },
  };
}

/** @throws what failed first, when all others were read; at once where many fail, since it is none of theirs then */
async function readAll(parts: TextReaderParts, signal: AbortSignal): Promise<void> {
  const { index } = parts;
  const failed = new Map<EntryId, unknown>();
  // What was named or edited meanwhile is looked for from the end again.
  for (let hasRead = true; hasRead && !signal.aborted;) {
    hasRead = false;
    for (let before: number | undefined; !signal.aborted;) {
      const unread = await index.listUnread({ before, limit: filesPerStep });
      hasRead = (await readSome(parts, { unread, failed }, signal)) || hasRead;
      before = unread.at(-1)?.place;
      if (unread.length < filesPerStep) break;
    }
  }
  for (const error of failed.values()) if (!signal.aborted) throw error;
}

/** Answers whether any was read. Those that failed are passed over, and what fails is added to them. */
async function readSome(
  parts: TextReaderParts,
  { unread, failed }: { readonly unread: readonly UnreadEntry[]; readonly failed: Map<EntryId, unknown> },
  signal: AbortSignal,
): Promise<boolean> {
  const put = async (read: readonly ReadText[]): Promise<void> => {
    if (!signal.aborted && read.length > 0) await parts.index.putTexts(read);
  };
  let [read, texts, hasRead]: [ReadText[], number, boolean] = [[], 0, false];
  for (const entry of unread) {
    if (signal.aborted) return false;
    if (failed.has(entry.id)) continue;
    const text = await readOne(parts, entry).catch((error: unknown) => {
      failed.set(entry.id, error);
      if (failed.size > maxFailed) throw error;
      return undefined;
    });
    if (text === undefined) continue;
    read.push({ id: entry.id, content: entry.content, text });
    hasRead = true;
    if (text !== null) texts += 1;
    if (texts < textsPerPut) continue;
    await put(read);
    [read, texts] = [[], 0];
  }
  await put(read);
  return hasRead && !signal.aborted;
}

/** Null where it has no text; undefined where it isn't what the index takes it for, which the feed will tell it. */
async function readOne(
  parts: TextReaderParts,
  { id, name, kind, sizeBytes, content }: UnreadEntry,
): Promise<ReadText["text"] | undefined> {
  const format = content && textFormatOf({ name, kind, sizeBytes });
  if (!format || (format === "pdf" && !(await canReadPdf()))) return null;
  try {
    const bytes = await readContent(parts, { id, content, neededBytes: neededBytesOf(format) });
    // Most of what isn't known by its ending is no text, and needs no thread to say so.
    if (!bytes) return bytes;
    if (format === "plain" && isNoText(bytes)) return null;
    return await parts.extractor.extract({ format, name, bytes });
  } catch (error) {
    if (error instanceof ProblemError && error.code === "content_damaged") return null;
    throw error;
  }
}
