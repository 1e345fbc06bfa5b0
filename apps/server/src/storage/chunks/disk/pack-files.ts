import { open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { syncDirectory } from "../../durable-file.ts";

/** What appending needs of an open file. */
export interface PackFile {
  /** May write less than all. Resolves with the bytes written. */
  writev(buffers: readonly Uint8Array[], position: number): Promise<{ readonly bytesWritten: number }>;
  datasync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

/** The pack directory as the writing side sees it. Tests put one with faults in its place. */
export interface PackFiles {
  /** Makes a new, empty file. The name is durable only after `syncNames`. */
  create(pack: number): Promise<PackFile>;
  open(pack: number): Promise<PackFile>;
  remove(pack: number): Promise<void>;
  /** Makes creations and removals durable. */
  syncNames(): Promise<void>;
}

const extension = ".pack";
const digits = 8;

export function packPath(directory: string, pack: number): string {
  return join(directory, `${String(pack).padStart(digits, "0")}${extension}`);
}

/** The number in a pack's file name, or undefined for other files. */
export function packNumber(fileName: string): number | undefined {
  const match = /^(\d{8,})\.pack$/.exec(fileName);
  return match === null ? undefined : Number(match[1]);
}

/** The real directory. */
export function packFilesIn(directory: string): PackFiles {
  return {
    create: (pack) => open(packPath(directory, pack), "wx", 0o600),
    open: (pack) => open(packPath(directory, pack), "r+"),
    remove: (pack) => unlink(packPath(directory, pack)),
    syncNames: () => syncDirectory(directory),
  };
}
