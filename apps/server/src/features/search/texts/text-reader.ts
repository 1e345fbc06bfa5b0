import type { Manifest } from "@satchel/chunking";
import { ProblemError, type EntryId } from "@satchel/protocol";
import type { Host } from "../../../host.ts";
import type { TreeStore } from "../../../storage/metadata/tree-store.ts";
import type { ReadText, SearchIndex, UnreadEntry } from "../../../storage/search/search-index.ts";
import { isNoText } from "./extract/decode-text.ts";
import { neededBytesOf, textFormatOf, type TextFormat } from "./extract/extract-text.ts";
import { canReadPdf } from "./extract/pdf-text.ts";
import type { TextExtractor } from "./extract/text-extractor.ts";
import type { CommitRest } from "./commit-rest.ts";
import { findContents } from "./file-contents.ts";
import { readBeginnings, readContent, type ReadChunks } from "./read-content.ts";

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

interface TextReaderParts {
  readonly index: SearchIndex;
  readonly tree: Pick<TreeStore, "findLiving" | "manifests">;
  readonly transfer: ReadChunks;
  /** Left out: it reads whether the server is at rest or not. */
  readonly rest?: Pick<CommitRest, "untilRest">;
  readonly extractor: TextExtractor;
  readonly host: Host;
  readonly onFailure: (error: unknown) => void;
}

/** Reads the texts of files that the index wants to have, the latest first, one after the other, while the server is at rest. What there is to do is in the index, so it may be killed anywhere. */
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
      await parts.rest?.untilRest();
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
  let [read, texts, hasRead]: [ReadText[], number, boolean] = [[], 0, false];
  const put = async (): Promise<void> => {
    if (!signal.aborted && read.length > 0) await parts.index.putTexts(read);
    [read, texts] = [[], 0];
  };
  const wanted = unread.filter(({ id }) => !failed.has(id));
  for await (const found of findFiles(parts, wanted)) {
    if (signal.aborted) return false;
    const { id, content } = found.entry;
    const text = await readOne(parts, found).catch((error: unknown) => {
      failed.set(id, error);
      if (failed.size > maxFailed) throw error;
      return undefined;
    });
    if (text === undefined) continue;
    read.push({ id, content, text });
    hasRead = true;
    if (text !== null) texts += 1;
    if (texts === textsPerPut) await put();
  }
  await put();
  return hasRead && !signal.aborted;
}

interface FoundFile {
  readonly entry: UnreadEntry;
  /** Undefined where no text is read out of it. */
  readonly format: TextFormat | undefined;
  readonly manifest: Manifest;
  /** Its first chunk, where that could be had together with others. */
  readonly beginning?: Uint8Array | undefined;
}

/** What is there of these files, few at a time. Left out is what isn't what the index takes it for, which the feed will tell it. */
async function* findFiles(
  { tree, transfer }: TextReaderParts,
  unread: readonly UnreadEntry[],
): AsyncGenerator<FoundFile> {
  const files: FoundFile[] = [];
  const withText = unread.flatMap((entry) => {
    const { id, content } = entry;
    const format = content === null ? undefined : textFormatOf(entry);
    if (!format) files.push({ entry, format, manifest: [] });
    return content === null || !format ? [] : [{ entry, id, content, format }];
  });
  yield* files;
  const manifests = await findContents(tree, withText);
  const plain = new Map<EntryId, FoundFile>();
  for (const { entry, id, format } of withText) {
    const manifest = manifests.get(id);
    if (!manifest) continue;
    if (format === "plain") plain.set(id, { entry, format, manifest });
    else yield { entry, format, manifest };
  }
  const contents = [...plain.values()].map(({ entry: { id }, manifest }) => [id, manifest] as const);
  for await (const [id, beginning] of readBeginnings(transfer, contents)) {
    const file = plain.get(id);
    if (file) yield { ...file, beginning };
    plain.delete(id);
  }
  yield* plain.values();
}

/** Null where it has no text. */
async function readOne(
  parts: TextReaderParts,
  { entry: { id, name }, format, manifest, beginning }: FoundFile,
): Promise<ReadText["text"]> {
  if (!format || (format === "pdf" && !(await canReadPdf()))) return null;
  // Most of what isn't known by its ending is no text, and needs no thread to say so.
  const isNone = (bytes: Uint8Array): boolean => format === "plain" && isNoText(bytes);
  if (beginning && isNone(beginning)) return null;
  try {
    const neededBytes = neededBytesOf(format);
    const isWhole = beginning !== undefined && (manifest.length === 1 || beginning.length >= neededBytes);
    const bytes = isWhole
      ? beginning.subarray(0, neededBytes)
      : await readContent(parts.transfer, { id, manifest, neededBytes });
    if (!bytes || isNone(bytes)) return null;
    return await parts.extractor.extract({ format, name, bytes });
  } catch (error) {
    if (error instanceof ProblemError && (error.code === "content_damaged" || error.code === "content_quarantined"))
      return null;
    throw error;
  }
}
