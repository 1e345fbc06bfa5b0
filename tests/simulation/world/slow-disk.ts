import { DiskError, type Disk } from "@satchel/engine";
import type { Process } from "./process.ts";
import type { Trace } from "./trace.ts";

/** A call takes up to this long; reading and writing contents longer. */
const callMs = 2;
const contentMs = 12;

/** A disk as one run of a program has it: each call takes its time, in which others go on, and none is answered to a dead process. */
export function slowDisk(
  disk: Disk,
  parts: {
    readonly name: string;
    readonly process: Process;
    readonly trace: Trace;
    /** Whether a change that was made is told as failed. */
    readonly isUnsure: () => boolean;
  },
): Disk {
  const { process, trace, name, isUnsure } = parts;
  const change = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    process.call(callMs, async () => {
      try {
        const result = await work();
        if (isUnsure()) throw new DiskError("failed", what, "it may have been done");
        trace.add(name, what);
        return result;
      } catch (error) {
        trace.add(name, `${what}: ${error instanceof Error ? error.message : String(error)}`);
        throw error;
      }
    });
  return {
    rootIdentity: () => process.call(callMs, () => disk.rootIdentity()),
    nameRules: () => disk.nameRules(),
    prepareRoot: (marker) => process.call(callMs, () => disk.prepareRoot(marker)),
    async *scan(path, options) {
      for await (const listing of disk.scan(path, options)) {
        await process.call(callMs, () => undefined);
        yield listing;
      }
    },
    stat: (path) => process.call(callMs / 4, () => disk.stat(path)),
    makeFolder: (path) => change(`makes the folder ${path}`, () => disk.makeFolder(path)),
    move: (from, to) => change(`moves ${from} to ${to}`, () => disk.move(from, to)),
    removeFile: (path, fingerprint) => change(`removes ${path}`, () => disk.removeFile(path, fingerprint)),
    removeFolder: (path) => change(`removes the folder ${path}`, () => disk.removeFolder(path)),
    place: (temporary, path, expected) => change(`places ${path}`, () => disk.place(temporary, path, expected)),
    placeLink: (target, path, expected) => change(`links ${path}`, () => disk.placeLink(target, path, expected)),
    setAttributes: (path, attributes) =>
      change(`sets the attributes of ${path}`, () => disk.setAttributes(path, attributes)),
    discard: (temporary) => process.call(callMs, () => disk.discard(temporary)),
    settle: () => process.call(callMs, () => disk.settle()),
    isUnsettled: () => disk.isUnsettled(),
    reader: {
      readSmall: (paths) => process.call(contentMs, () => disk.reader.readSmall(paths)),
      cut: (path, options) => process.call(contentMs, () => disk.reader.cut(path, options)),
      readChunks: (path, chunks) => process.call(contentMs, () => disk.reader.readChunks(path, chunks)),
    },
    writer: {
      writeSmall: (files) => process.call(contentMs, () => disk.writer.writeSmall(files)),
      assemble: (file) => process.call(contentMs, () => disk.writer.assemble(file)),
    },
    // The disk outlives the program.
    close: () => Promise.resolve(),
  };
}
