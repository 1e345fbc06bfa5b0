import { closeSync } from "node:fs";
import { DiskError } from "../../ports/disk.ts";
import { openFile, readFully } from "../file-io.ts";
import { guardedPaths } from "../guarded-path.ts";
import { toDiskError } from "../system-error.ts";
import type { JobHandler, PlainJob } from "../workers/job.ts";

/** Reads chunks of one file, one after the other into the memory given, or each into memory of its own. */
export type ReadChunksJob = PlainJob<
  {
    readonly path: string;
    readonly chunks: readonly { readonly offset: number; readonly sizeBytes: number }[];
    readonly into: Uint8Array<SharedArrayBuffer> | undefined;
  },
  readonly Uint8Array[]
>;

export const readChunksJob: JobHandler<ReadChunksJob> = ({ path, chunks, into }, context) => {
  try {
    const { fd } = openFile(guardedPaths(context.root).guardListed(path), path);
    try {
      let at = 0;
      return chunks.map(({ offset, sizeBytes }) => {
        const bytes = into?.subarray(at, at + sizeBytes) ?? new Uint8Array(sizeBytes);
        at += sizeBytes;
        if (readFully(fd, bytes, offset) !== sizeBytes) throw new DiskError("changed", path, "it became shorter");
        if (bytes.buffer instanceof ArrayBuffer) context.giveAway(bytes.buffer);
        return bytes;
      });
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw toDiskError(error, path);
  }
};
