import { closeSync, constants, fstatSync, openSync, readSync, writeSync, type BigIntStats } from "node:fs";
import { DiskError } from "../ports/disk.ts";

/** Not through a link, and not waiting for a pipe's other end. */
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens a regular file. @throws DiskError `changed` when it is something else by now, and the system's errors */
export function openFile(absolutePath: string, path: string): { fd: number; stats: BigIntStats } {
  const fd = openSync(absolutePath, readFlags);
  const stats = fstatSync(fd, { bigint: true });
  if (stats.isFile()) return { fd, stats };
  closeSync(fd);
  throw new DiskError("changed", path, "it is no file any more");
}

/** Reads from a position until the buffer is full or the file ends; returns how many bytes. */
export function readFully(fd: number, buffer: Uint8Array, position: number): number {
  let at = 0;
  while (at < buffer.length) {
    const count = readSync(fd, buffer, at, buffer.length - at, position + at);
    if (count === 0) break;
    at += count;
  }
  return at;
}

/** Writes all of it. */
export function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  let at = 0;
  while (at < bytes.length) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
}
