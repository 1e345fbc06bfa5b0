import { createChunker, chooseLevel, estimateLevel, type Level } from "@satchel/chunking";
import {
  DiskError,
  maxSmallFileBytes,
  type ContentReader,
  type CutFile,
  type DiskStat,
  type FileChunk,
} from "../../ports/disk.ts";
import { sha256 } from "../jobs/open-chunker.ts";
import { createPackedChunkList } from "../jobs/packed-chunks.ts";
import type { VirtualDiskHook } from "./virtual-disk.ts";
import { mustBeFile, type VirtualFileSystem } from "./virtual-file-system.ts";
import { statOf } from "./virtual-node.ts";

/** Chunks that are told at once. */
const groupChunks = 16;

export function virtualReader(files: VirtualFileSystem, step: VirtualDiskHook): ContentReader {
  /** What a file holds when it is opened, and a look whether it still does when it was read. */
  const open = (path: string): { bytes: Uint8Array; stat: DiskStat; mustBeSame: () => void } => {
    const node = mustBeFile(files.tree.getListed(path), path);
    const stat = statOf(node);
    const mustBeSame = (): void => {
      if (statOf(node).fingerprint !== stat.fingerprint) {
        throw new DiskError("changed", path, "it changed while it was read");
      }
    };
    return { bytes: node.body.bytes, stat, mustBeSame };
  };

  async function readSmall(path: string): Promise<CutFile> {
    const { bytes, stat, mustBeSame } = open(path);
    if (bytes.length > maxSmallFileBytes) throw new DiskError("changed", path, "it is not small any more");
    await step("readSmall", path);
    mustBeSame();
    const list = createPackedChunkList();
    for (const { hash, sizeBytes } of cutBytes(bytes, 0)) list.add(hash, sizeBytes);
    return { stat, ...list.finish(), bytes: bytes.slice() };
  }

  return {
    async readSmall(paths) {
      const outcomes: (CutFile | DiskError)[] = [];
      for (const path of paths) outcomes.push(await readSmall(path).catch(asDiskError));
      return outcomes;
    },

    async cut(path, { previousSizeBytes, previousChunkCount, onChunks, signal }) {
      await step("cut", path);
      const { bytes, stat, mustBeSame } = open(path);
      const list = createPackedChunkList();
      const chunks = cutBytes(bytes, levelOf(bytes.length, previousSizeBytes, previousChunkCount));
      for (let at = 0; at < chunks.length; at += groupChunks) {
        await step("cut", path);
        signal?.throwIfAborted();
        const group = chunks.slice(at, at + groupChunks);
        for (const { hash, sizeBytes } of group) list.add(hash, sizeBytes);
        await onChunks(group);
      }
      mustBeSame();
      return { stat, ...list.finish() };
    },

    async readChunks(path, chunks) {
      await step("readChunks", path);
      const { bytes } = open(path);
      return chunks.map(({ offset, sizeBytes }) => {
        if (offset + sizeBytes > bytes.length) throw new DiskError("changed", path, "it became shorter");
        return bytes.slice(offset, offset + sizeBytes);
      });
    },
  };
}

/** One for all files in memory: nothing waits while a file is cut. */
const chunker = createChunker();

function asDiskError(error: unknown): DiskError {
  if (error instanceof DiskError) return error;
  throw error;
}

function levelOf(sizeBytes: number, previousSizeBytes: number | null, chunkCount: number | undefined): Level {
  if (previousSizeBytes === null) return chooseLevel(sizeBytes);
  const wasLevel =
    chunkCount === undefined
      ? chooseLevel(previousSizeBytes)
      : estimateLevel({ sizeBytes: previousSizeBytes, chunkCount });
  return chooseLevel(sizeBytes, wasLevel);
}

function cutBytes(bytes: Uint8Array, level: Level): FileChunk[] {
  let at = 0;
  const read = (target: Uint8Array<ArrayBuffer>): number => {
    const part = bytes.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return part.length;
  };
  const chunks = chunker.cutSync({ read, level, hash: sha256 });
  return chunks.map(({ hash, offset, sizeBytes }) => ({ hash, offset, sizeBytes })).toArray();
}
