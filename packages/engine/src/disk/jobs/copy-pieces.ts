import { createHash } from "node:crypto";
import { closeSync } from "node:fs";
import { DiskError, type Piece } from "../../ports/disk.ts";
import { openFile, readFully, writeFully } from "../file-io.ts";
import { guardedPaths } from "../guarded-path.ts";
import { systemCode } from "../system-error.ts";
import { inTurn, type WritingTurns } from "./writing-turns.ts";

/** Copied in blocks that stay in the processor's cache between reading, hashing and writing. */
const blockBytes = 256 * 1024;

/** After so many bytes the other jobs have a turn: some milliseconds. */
const turnBytes = 8 * 1024 * 1024;

/** Source files that are open at once. */
const maxOpenSources = 16;

interface CopyInput {
  readonly pieces: readonly Piece[];
  /** Where each piece goes in the file. */
  readonly offsets: Float64Array;
  readonly hasContent: boolean;
  readonly turns: WritingTurns;
}

/** One turn's work: the bytes that are in place now, and the pieces (positions) that must come from the server. */
export interface CopyTurn {
  readonly copiedBytes: number;
  readonly missing: readonly number[];
}

/**
 * Puts pieces in place that this disk has: in the file itself from an earlier run, or in other files. Each is verified,
 * so none of these needs to be trusted; what fails that, can't be read, or only the server has, is told as missing.
 * Without earlier content, pieces of the server are left out: the caller knows them.
 */
export async function* copyPieces(
  fd: number,
  { pieces, offsets, hasContent, turns }: CopyInput,
  context: { readonly root: string; breathe(): Promise<void> },
): AsyncGenerator<CopyTurn, void, void> {
  const sources = openSources(context.root);
  const block = new Uint8Array(blockBytes);
  let copiedBytes = 0;
  let lookedAtBytes = 0;
  let missing: number[] = [];
  try {
    for (const [index, piece] of pieces.entries()) {
      if (!hasContent && piece.source.from === "server") continue;
      const to = offsets[index] ?? 0;
      const isThere = hasContent && copyVerified({ from: fd, at: to, piece, block, turns, to: undefined });
      if (isThere || copyFromSource({ sources, piece, block, turns, to: { fd, at: to } }))
        copiedBytes += piece.sizeBytes;
      else missing.push(index);
      lookedAtBytes += piece.sizeBytes;
      if (lookedAtBytes < turnBytes) continue;
      yield { copiedBytes, missing };
      copiedBytes = lookedAtBytes = 0;
      missing = [];
      await context.breathe();
    }
    yield { copiedBytes, missing };
  } finally {
    sources.close();
  }
}

interface Sources {
  /** Undefined when the file can't be read any more. */
  find(path: string): number | undefined;
  close(): void;
}

function openSources(root: string): Sources {
  const paths = guardedPaths(root);
  const open = new Map<string, number | undefined>();
  const close = (): void => {
    for (const fd of open.values()) if (fd !== undefined) closeSync(fd);
    open.clear();
  };
  const tryOpen = (path: string): number | undefined => {
    try {
      return openFile(paths.guard(path), path).fd;
    } catch (error) {
      if (error instanceof DiskError || systemCode(error) !== undefined) return undefined;
      throw error;
    }
  };
  return {
    find(path) {
      if (open.has(path)) return open.get(path);
      if (open.size >= maxOpenSources) close();
      const fd = tryOpen(path);
      open.set(path, fd);
      return fd;
    },
    close,
  };
}

function copyFromSource(copy: {
  sources: Sources;
  piece: Piece;
  block: Uint8Array;
  turns: WritingTurns;
  to: { fd: number; at: number };
}): boolean {
  const { source } = copy.piece;
  if (source.from === "server") return false;
  const from = copy.sources.find(source.path);
  return from !== undefined && copyVerified({ ...copy, from, at: source.offset });
}

/** Copies a piece (or without `to` only looks at it), and tells whether it was the right one. A wrong one is written over later. */
function copyVerified(copy: {
  from: number;
  at: number;
  piece: Piece;
  block: Uint8Array;
  turns: WritingTurns;
  to: { fd: number; at: number } | undefined;
}): boolean {
  const { from, at, piece, block, turns, to } = copy;
  const hash = createHash("sha256");
  for (let done = 0; done < piece.sizeBytes;) {
    const part = block.subarray(0, Math.min(block.length, piece.sizeBytes - done));
    if (readOrNothing(from, part, at + done) !== part.length) return false;
    hash.update(part);
    if (to !== undefined) inTurn(turns, () => writeFully(to.fd, part, to.at + done));
    done += part.length;
  }
  return hash.digest("hex") === piece.hash;
}

/** A source that can't be read any more is as good as gone: its piece comes from the server. */
function readOrNothing(fd: number, part: Uint8Array, position: number): number {
  try {
    return readFully(fd, part, position);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return 0;
  }
}
