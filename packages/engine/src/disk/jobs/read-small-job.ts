import { closeSync, fstatSync } from "node:fs";
import { DiskError, maxSmallFileBytes, type CutFile } from "../../ports/disk.ts";
import { toDiskStat } from "../disk-stat.ts";
import { openFile, readFully } from "../file-io.ts";
import { guardedPaths, type GuardedPaths } from "../guarded-path.ts";
import { toDiskError, toWireError, type WireError } from "../system-error.ts";
import type { JobHandler, PlainJob } from "../workers/job.ts";
import { cutBytes } from "./cut-bytes.ts";

/** Reads and cuts small files, each with its outcome. */
export type ReadSmallJob = PlainJob<readonly string[], readonly (CutFile | { readonly error: WireError })[]>;

export const readSmallJob: JobHandler<ReadSmallJob> = (files, context) => {
  const paths = guardedPaths(context.root);
  return files.map((path) => {
    try {
      const { file, buffer } = readSmall(paths, path);
      context.giveAway(buffer);
      return file;
    } catch (error) {
      return { error: toWireError(toDiskError(error, path)) };
    }
  });
};

function readSmall(paths: GuardedPaths, path: string): { file: CutFile; buffer: ArrayBuffer } {
  const { fd, stats } = openFile(paths.guardListed(path), path);
  try {
    const before = toDiskStat(stats, null);
    if (before.sizeBytes > maxSmallFileBytes) throw new DiskError("changed", path, "it is not small any more");
    const bytes = new Uint8Array(before.sizeBytes);
    const count = readFully(fd, bytes, 0);
    const stat = toDiskStat(fstatSync(fd, { bigint: true }), null);
    if (count !== bytes.length || stat.fingerprint !== before.fingerprint) {
      throw new DiskError("changed", path, "it changed while it was read");
    }
    return { file: { stat, ...cutBytes(bytes), bytes }, buffer: bytes.buffer };
  } finally {
    closeSync(fd);
  }
}
