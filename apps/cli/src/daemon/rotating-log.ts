import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A log file begins anew at this size, in bytes; the one before it is kept. */
export const maxLogBytes = 5 * 1024 * 1024;

/** Appends lines to `sync.log`, and turns it into `sync.log.1` when it has grown. */
export interface RotatingLog {
  write(line: string): void;
  close(): void;
}

export function openRotatingLog(directory: string, options: { maxBytes: number; now: () => Date }): RotatingLog {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "sync.log");
  const open = (): number => openSync(path, "a", 0o600);
  let file = open();
  let bytes = fstatSync(file).size;
  return {
    write(line) {
      const text = `${options.now().toISOString()} ${line}\n`;
      if (bytes > 0 && bytes + Buffer.byteLength(text) > options.maxBytes) {
        closeSync(file);
        renameSync(path, `${path}.1`);
        file = open();
        bytes = 0;
      }
      bytes += writeSync(file, text);
    },
    close: () => closeSync(file),
  };
}
