import { closeSync, fstatSync, fsync, fsyncSync, futimesSync, openSync, unlinkSync } from "node:fs";
import { promisify } from "node:util";
import type { VersionHash } from "@satchel/protocol";
import { DiskError, type TemporaryFile } from "../../ports/disk.ts";
import { toDiskStat, toUtimesSeconds } from "../disk-stat.ts";
import { writeFully } from "../file-io.ts";
import { temporaryFolder } from "../own-folder.ts";
import { toDiskError, toWireError, type WireError } from "../system-error.ts";
import type { JobHandler, PlainJob } from "../workers/job.ts";
import { isContentOf } from "./is-content-of.ts";

/** One content to write; its bytes are in the given buffer. */
export interface SmallContent {
  /** Of the temporary file, in the temporary folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly versionHash: VersionHash;
  readonly packedChunks: Uint8Array;
  readonly modifiedMs: number;
  readonly executable: boolean;
}

/** What became of each content. */
export type WrittenSmall = readonly (TemporaryFile | { readonly error: WireError })[];

/** Makes a temporary file of each content. The result is JSON of {@link WrittenSmall}, which crosses threads in a fraction of the time that many small objects take. */
export type WriteSmallJob = PlainJob<readonly SmallContent[], string>;

/** An fsync that takes longer than this goes to a real disk, where several at once cost little more than one. */
const slowFsyncMs = 0.5;

const fsyncInBackground = promisify(fsync);

interface OpenFile {
  readonly fd: number;
  readonly path: string;
  readonly absolute: string;
}

export const writeSmallJob: JobHandler<WriteSmallJob> = async (contents, { root }) => {
  const written = contents.map((content) => attempt("", () => write(root, content)));
  await syncAll(written);
  const outcomes: WrittenSmall = written.map((file) =>
    "error" in file ? file : attempt(file.path, () => finish(file)),
  );
  return JSON.stringify(outcomes);
};

function write(root: string, content: SmallContent): OpenFile | { error: WireError } {
  const path = `${temporaryFolder}/${content.name}`;
  verify(content, path);
  const absolute = `${root}/${path}`;
  const fd = openSync(absolute, "wx", content.executable ? 0o777 : 0o666);
  try {
    writeFully(fd, content.bytes, 0);
    const seconds = toUtimesSeconds(content.modifiedMs);
    futimesSync(fd, seconds, seconds);
    return { fd, path, absolute };
  } catch (error) {
    closeSync(fd);
    unlinkSync(absolute);
    throw error;
  }
}

/** @throws DiskError `corrupt` when the bytes are not those that the hashes name */
function verify(content: SmallContent, path: string): void {
  if (isContentOf(content)) return;
  throw new DiskError("corrupt", path, "the bytes don't have the hashes that were promised");
}

/** One after the other while they are fast; from the first slow one on, all the rest at once. */
async function syncAll(files: (OpenFile | { error: WireError })[]): Promise<void> {
  const inBackground: Promise<void>[] = [];
  let isSlow = false;
  files.forEach((file, index) => {
    if ("error" in file) return;
    const fail = (error: unknown): void => {
      files[index] = { error: toWireError(toDiskError(error, file.path)) };
      dispose(file);
    };
    if (isSlow) {
      inBackground.push(fsyncInBackground(file.fd).catch(fail));
      return;
    }
    const startMs = performance.now();
    try {
      fsyncSync(file.fd);
    } catch (error) {
      fail(error);
    }
    isSlow = performance.now() - startMs > slowFsyncMs;
  });
  await Promise.all(inBackground);
}

function finish({ fd, path }: OpenFile): TemporaryFile {
  try {
    return { path, stat: toDiskStat(fstatSync(fd, { bigint: true }), null) };
  } finally {
    closeSync(fd);
  }
}

function dispose({ fd, absolute }: OpenFile): void {
  closeSync(fd);
  unlinkSync(absolute);
}

function attempt<Result>(path: string, work: () => Result): Result | { error: WireError } {
  try {
    return work();
  } catch (error) {
    return { error: toWireError(toDiskError(error, path)) };
  }
}
