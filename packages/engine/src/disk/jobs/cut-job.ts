import { closeSync, fstatSync, readSync } from "node:fs";
import { chooseLevel, estimateLevel, type Level } from "@satchel/chunking";
import { DiskError, type CutFile, type FileChunk } from "../../ports/disk.ts";
import { toDiskStat } from "../disk-stat.ts";
import { openFile } from "../file-io.ts";
import { guardedPaths } from "../guarded-path.ts";
import { toDiskError } from "../system-error.ts";
import type { JobContext, JobHandler, JobShape } from "../workers/job.ts";
import { openChunker, sha256 } from "./open-chunker.ts";
import { createPackedChunkList } from "./packed-chunks.ts";

/** Cuts a file of any size, telling its chunks in groups. */
export interface CutJob extends JobShape {
  readonly input: CutInput;
  readonly question: readonly FileChunk[];
  readonly answer: null;
  readonly result: CutFile;
}

interface CutInput {
  readonly path: string;
  readonly previousSizeBytes: number | null;
  readonly previousChunkCount: number | null;
}

/** A group is told when it has so many chunks, or so many bytes: some milliseconds of work, in which no other job has a turn. */
const groupChunks = 64;
const groupBytes = 8 * 1024 * 1024;
/** Groups that may lie with the caller before the cutting waits. */
const groupsAhead = 4;

export const cutJob: JobHandler<CutJob> = async (input, context) => {
  const { path } = input;
  try {
    const { fd, stats } = openFile(guardedPaths(context.root).guardListed(path), path);
    try {
      const before = toDiskStat(stats, null);
      const cut = await cutOpenFile({ fd, level: levelOf(before.sizeBytes, input) }, context);
      const stat = toDiskStat(fstatSync(fd, { bigint: true }), null);
      if (stat.fingerprint !== before.fingerprint || cut.sizeBytes !== stat.sizeBytes) {
        throw new DiskError("changed", path, "it changed while it was read");
      }
      return { stat, ...cut.list.finish() };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw toDiskError(error, path);
  }
};

/** The level that the last version was cut with is told by its sizes; without them the file's own size decides. */
function levelOf(sizeBytes: number, { previousSizeBytes, previousChunkCount }: CutInput): Level {
  if (previousSizeBytes === null) return chooseLevel(sizeBytes);
  const previousLevel =
    previousChunkCount === null
      ? chooseLevel(previousSizeBytes)
      : estimateLevel({ sizeBytes: previousSizeBytes, chunkCount: previousChunkCount });
  return chooseLevel(sizeBytes, previousLevel);
}

async function cutOpenFile(file: { fd: number; level: Level }, context: JobContext<CutJob>) {
  const list = createPackedChunkList();
  const unread: Promise<null>[] = [];
  let group: FileChunk[] = [];
  let groupStart = 0;
  let sizeBytes = 0;

  const tellGroup = async (): Promise<void> => {
    const read = context.ask(group);
    // It is awaited below, maybe after another one that fails first.
    read.catch(() => undefined);
    unread.push(read);
    group = [];
    groupStart = sizeBytes;
    await context.breathe();
    while (unread.length > groupsAhead) await unread.shift();
  };

  const { chunker, close } = openChunker();
  const read = (target: Uint8Array): number => readSync(file.fd, target, 0, target.length, null);
  for (const { hash, offset, sizeBytes: size } of chunker.cutSync({ read, level: file.level, hash: sha256 })) {
    list.add(hash, size);
    group.push({ hash, offset, sizeBytes: size });
    sizeBytes += size;
    if (group.length >= groupChunks || sizeBytes - groupStart >= groupBytes) await tellGroup();
  }
  close();
  if (group.length > 0) await tellGroup();
  await Promise.all(unread);
  return { list, sizeBytes };
}
