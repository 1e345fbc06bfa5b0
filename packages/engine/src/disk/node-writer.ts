import { createHash, randomBytes } from "node:crypto";
import { isMarkedAsUntransferable } from "node:worker_threads";
import { DiskError, type ContentWriter, type Piece, type TemporaryFile } from "../ports/disk.ts";
import type { SmallContent, WrittenSmall } from "./jobs/write-small-job.ts";
import { newWritingTurns, type WritingTurns } from "./jobs/writing-turns.ts";
import { outcomeOf, splitEvenly } from "./node-reader.ts";
import { partSuffix, temporaryFolder } from "./own-folder.ts";
import type { DiskWorkers } from "./workers/disk-workers.ts";

/** A file of at least this size is filled by all workers, each a stretch. */
const minSizeToShareBytes = 32 * 1024 * 1024;

type Assembly = Parameters<ContentWriter["assemble"]>[0];

/** What writes files, in the workers. `removePart` takes away a file that was not finished. */
export function nodeWriter(workers: DiskWorkers, removePart: (path: string) => Promise<void>): ContentWriter {
  const names = temporaryNames();
  const inUse = new Map<string, { readonly sizeBytes: number }>();
  return {
    async writeSmall(files) {
      const contents = files.map((file) => ({ ...file, name: names() }));
      const outcomes = await Promise.all(
        splitEvenly(contents, workers.smallCount).map((batch) => {
          const { packed, transfer } = packContents(batch);
          return workers.run("writeSmall", packed, { transfer });
        }),
      );
      return outcomes.flatMap((told) => (JSON.parse(told) as WrittenSmall).map(outcomeOf<TemporaryFile>));
    },

    async assemble(file) {
      const part = freePart(file.resumeKey, inUse);
      const others = [...inUse].map(([other, { sizeBytes }]) => ({ part: other, sizeBytes }));
      inUse.set(part, { sizeBytes: sizeOf(file.pieces) });
      try {
        return await assemble(workers, { file, part, temporary: names(), others });
      } catch (error) {
        // Several half-made files would keep the room from each other for ever, where one of them fits. [DK30]
        if (error instanceof DiskError && error.code === "full") await removePart(part);
        throw error;
      } finally {
        inUse.delete(part);
      }
    },
  };
}

async function assemble(
  workers: DiskWorkers,
  options: {
    file: Assembly;
    part: string;
    temporary: string;
    others: readonly { readonly part: string; readonly sizeBytes: number }[];
  },
): Promise<TemporaryFile> {
  const { file, part, temporary, others } = options;
  const { pieces, modifiedMs, executable, signal } = file;
  const sizeBytes = sizeOf(pieces);
  signal?.throwIfAborted();
  const alike = findAlike(pieces, sizeBytes);
  const { hasContent } = await workers.run("openPart", { part, sizeBytes, alike, others });
  const failed = new AbortController();
  const signals = AbortSignal.any(signal === undefined ? [failed.signal] : [failed.signal, signal]);
  const turns = newWritingTurns();
  const shares = stretches(pieces, sizeBytes, workers.count);
  const fillings = shares.map(async (stretch) => {
    try {
      const isShare = shares.length > 1;
      await fill(workers, { stretch: { ...stretch, part, hasContent, turns }, file, isShare, signal: signals });
    } catch (error) {
      // The other stretches stop too, and are awaited: nothing writes to the part once this has failed.
      failed.abort(error);
      throw error;
    }
  });
  const rejected = (await Promise.allSettled(fillings)).find((filling) => filling.status === "rejected");
  signal?.throwIfAborted();
  if (rejected !== undefined) throw failed.signal.reason;
  return workers.run("finishPart", { part, temporary, modifiedMs, executable });
}

async function fill(
  workers: DiskWorkers,
  options: {
    stretch: { part: string; hasContent: boolean; turns: WritingTurns; offset: number; pieces: readonly Piece[] };
    file: Assembly;
    isShare: boolean;
    signal: AbortSignal;
  },
): Promise<void> {
  const { stretch, file, isShare, signal } = options;
  await workers.run("fillPart", stretch, {
    signal,
    isShare,
    answer: async (question) => {
      if ("progress" in question) {
        file.onProgress?.(question.progress);
        return { answer: [] };
      }
      const asked = question.fetch.flatMap((index) => stretch.pieces[index] ?? []);
      const fetched = await file.fetch(asked, question.into);
      return { answer: fetched, transfer: transferable(fetched) };
    },
  });
}

/** Cuts the pieces into one stretch a worker, of about equal size; small files stay whole. */
function stretches(pieces: readonly Piece[], sizeBytes: number, workerCount: number) {
  const count = sizeBytes < minSizeToShareBytes ? 1 : workerCount;
  const result: { offset: number; pieces: Piece[] }[] = [{ offset: 0, pieces: [] }];
  let at = 0;
  for (const piece of pieces) {
    if (at >= (sizeBytes / count) * result.length && result.length < count) result.push({ offset: at, pieces: [] });
    result.at(-1)?.pieces.push(piece);
    at += piece.sizeBytes;
  }
  return result;
}

function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.sizeBytes, 0);
}

/** A file that has more than half of the content at the same offsets. */
function findAlike(pieces: readonly Piece[], sizeBytes: number): string | null {
  const alikeBytes = new Map<string, number>();
  let at = 0;
  for (const { source, sizeBytes: size } of pieces) {
    if (source.from === "file" && source.offset === at) {
      alikeBytes.set(source.path, (alikeBytes.get(source.path) ?? 0) + size);
    }
    at += size;
  }
  for (const [path, bytes] of alikeBytes) if (bytes > sizeBytes / 2) return path;
  return null;
}

/** The contents' bytes in one new buffer, which goes to the worker uncopied; the caller keeps its own. Those in shared memory are read where they are. */
function packContents(contents: readonly SmallContent[]) {
  const isShared = ({ bytes }: SmallContent): boolean => bytes.buffer instanceof SharedArrayBuffer;
  const buffer = new Uint8Array(
    contents.reduce((sum, content) => sum + (isShared(content) ? 0 : content.bytes.length), 0),
  );
  let at = 0;
  const pack = (own: Uint8Array): Uint8Array => {
    const bytes = buffer.subarray(at, at + own.length);
    bytes.set(own);
    at += bytes.length;
    return bytes;
  };
  const packed = contents.map((content) => ({
    ...content,
    bytes: isShared(content) ? content.bytes : pack(content.bytes),
    packedChunks: new Uint8Array(content.packedChunks),
  }));
  return { packed, transfer: [buffer.buffer] };
}

/** The buffers of what was fetched, which were given to us; those of Node's own pool are copied. */
function transferable(arrays: readonly Uint8Array[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { buffer } of arrays) {
    if (buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)) buffers.add(buffer);
  }
  return [...buffers];
}

/** The part of that key. A second file of the same key that is put together meanwhile has one of its own. */
function freePart(resumeKey: string, inUse: ReadonlyMap<string, unknown>): string {
  const name = partName(resumeKey);
  let part = `${temporaryFolder}/${name}${partSuffix}`;
  for (let nth = 2; inUse.has(part); nth += 1) part = `${temporaryFolder}/${name}.${nth}${partSuffix}`;
  return part;
}

/** A file name for any key. */
function partName(resumeKey: string): string {
  const isName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(resumeKey);
  return isName ? resumeKey : createHash("sha256").update(resumeKey).digest("hex");
}

/** Names that no other run of the program takes either. */
function temporaryNames(): () => string {
  const run = randomBytes(9).toString("hex");
  let count = 0;
  return () => `${run}-${(count += 1)}.tmp`;
}
