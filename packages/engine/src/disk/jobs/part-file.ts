import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fstatSync,
  fsync,
  ftruncateSync,
  futimesSync,
  lstatSync,
  openSync,
  renameSync,
  statfsSync,
} from "node:fs";
import { promisify } from "node:util";
import { DiskError, type TemporaryFile } from "../../ports/disk.ts";
import { modeWithExecutable, toDiskStatAt, toUtimesSeconds } from "../disk-stat.ts";
import { guardedPaths } from "../guarded-path.ts";
import { temporaryFolder } from "../own-folder.ts";
import { systemCode, toDiskError } from "../system-error.ts";
import type { JobHandler, PlainJob } from "../workers/job.ts";

/** Makes a half-made file, or finds an earlier run's. The result tells whether it may already hold some of the content. */
export type OpenPartJob = PlainJob<
  {
    /** In the synced folder. */
    readonly part: string;
    readonly sizeBytes: number;
    /** A file with much of the content at the same offsets: cloned where the file system can share blocks. */
    readonly alike: string | null;
    /** What is being put together meanwhile: the room that it still needs is taken. */
    readonly others: readonly { readonly part: string; readonly sizeBytes: number }[];
  },
  { readonly hasContent: boolean }
>;

/** Makes a filled part a finished temporary file: durable, with time and mode, under another name. */
export type FinishPartJob = PlainJob<
  {
    readonly part: string;
    readonly temporary: string;
    readonly modifiedMs: number;
    readonly executable: boolean;
  },
  TemporaryFile
>;

export const openPartJob: JobHandler<OpenPartJob> = ({ part, sizeBytes, alike, others }, { root }) => {
  try {
    const absolute = `${root}/${part}`;
    const existing = lstatSync(absolute, { throwIfNoEntry: false });
    const allocatedBytes = existing === undefined ? 0 : existing.blocks * blockBytes;
    const promisedBytes = others.reduce((sum, other) => sum + missingBytes(root, other), 0);
    mustHaveRoom(root, part, sizeBytes - allocatedBytes + promisedBytes);
    const isCloned = existing === undefined && alike !== null && cloneInto(root, alike, absolute);
    const fd = openSync(absolute, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o666);
    try {
      ftruncateSync(fd, sizeBytes);
      return { hasContent: isCloned || allocatedBytes > 0 };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw toDiskError(error, part);
  }
};

/** What `stat` counts blocks in, whatever the file system. */
const blockBytes = 512;

function missingBytes(root: string, { part, sizeBytes }: { part: string; sizeBytes: number }): number {
  const stats = lstatSync(`${root}/${part}`, { throwIfNoEntry: false });
  return Math.max(0, sizeBytes - (stats?.blocks ?? 0) * blockBytes);
}

/** Refuses a file that can't fit before its bytes are fetched; whether it really fits, writing tells. */
function mustHaveRoom(root: string, part: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(root);
  if (neededBytes > bavail * bsize) throw new DiskError("full", part, "there is not enough room on the disk");
}

/** Shares the blocks of another file, at no cost in time or room. False where that is not to be had. */
function cloneInto(root: string, alike: string, absolute: string): boolean {
  try {
    const from = guardedPaths(root).guard(alike);
    if (!lstatSync(from).isFile()) return false;
    copyFileSync(from, absolute, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    // Whatever it was: the content is then copied, which tells what is really wrong.
    if (error instanceof DiskError || systemCode(error) !== undefined) return false;
    throw error;
  }
}

const fsyncInBackground = promisify(fsync);

export const finishPartJob: JobHandler<FinishPartJob> = async (file, { root }) => {
  try {
    const fd = openSync(`${root}/${file.part}`, "r+");
    try {
      setMode(fd, file.executable);
      const seconds = toUtimesSeconds(file.modifiedMs);
      futimesSync(fd, seconds, seconds);
      await fsyncInBackground(fd);
    } finally {
      closeSync(fd);
    }
    const path = `${temporaryFolder}/${file.temporary}`;
    const absolute = `${root}/${path}`;
    renameSync(`${root}/${file.part}`, absolute);
    return { path, stat: toDiskStatAt(lstatSync(absolute, { bigint: true }), absolute) };
  } catch (error) {
    throw toDiskError(error, file.part);
  }
};

/** A clone has its original's mode; what a new file gets, the part's own creation told. */
function setMode(fd: number, executable: boolean): void {
  const { mode } = fstatSync(fd);
  const wanted = modeWithExecutable(mode, executable);
  if (wanted !== (mode & 0o7777)) fchmodSync(fd, wanted);
}
