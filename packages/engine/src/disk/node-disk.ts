import { resolve } from "node:path";
import { toDiskError } from "./system-error.ts";
import type { Disk, ScannedFolder } from "../ports/disk.ts";
import { joinParts, type ListingPart } from "./jobs/list-folder.ts";
import { nodeReader } from "./node-reader.ts";
import { nodeWriter } from "./node-writer.ts";
import { isOwn, parentPath } from "./own-folder.ts";
import { createStructureQueue, type StructureQueue } from "./structure-queue.ts";
import { openDiskWorkers, type DiskWorkers } from "./workers/disk-workers.ts";

/** A folder of this machine's file system. Nothing is touched before the first call. */
export function openNodeDisk(options: { readonly root: string }): Disk {
  const workers = openDiskWorkers(resolve(options.root));
  const queue = createStructureQueue(workers);
  const unsettled = new Set<string>();
  return {
    reader: nodeReader(workers),
    writer: nodeWriter(workers, (path) => queue.perform("removeTemporary", path)),
    scan: (path, { recursive, signal }) => scan(workers, { path, recursive, signal }),
    ...structure(queue, unsettled),
    close: () => workers.close(),
  };
}

type StructureMethod = Exclude<keyof Disk, "reader" | "writer" | "scan" | "close">;

/** The operations on names; those that change names keep the books of folders that are not durable yet. */
function structure(queue: StructureQueue, unsettled: Set<string>): Pick<Disk, StructureMethod> {
  const changed = <Result>(result: Result, ...paths: readonly string[]): Result => {
    for (const path of paths) if (!isOwn(path)) unsettled.add(parentPath(path));
    return result;
  };
  return {
    rootIdentity: () => queue.perform("rootIdentity"),
    nameRules: () => queue.perform("nameRules"),
    prepareRoot: (marker) => queue.perform("prepareRoot", marker),
    stat: (path) => queue.perform("stat", path),
    makeFolder: async (path) => changed(await queue.perform("makeFolder", path), path),
    move: async (from, to) => changed(await queue.perform("move", from, to), from, to),
    removeFile: async (path, fingerprint) => changed(await queue.perform("removeFile", path, fingerprint), path),
    removeFolder: async (path) => changed(await queue.perform("removeFolder", path), path),
    place: async (temporary, path, expected) => changed(await queue.perform("place", temporary, path, expected), path),
    placeLink: async (target, path, expected) =>
      changed(await queue.perform("placeLink", target, path, expected), path),
    setAttributes: (path, attributes) => queue.perform("setAttributes", path, attributes),
    discard: (temporary) => queue.perform("discard", temporary),
    async settle() {
      const folders = [...unsettled];
      unsettled.clear();
      if (folders.length === 0) return;
      try {
        await queue.perform("settle", folders);
      } catch (error) {
        for (const folder of folders) unsettled.add(folder);
        throw toDiskError(error, "");
      }
    },
    isUnsettled: () => unsettled.size > 0,
  };
}

/** The workers' batches, one folder at a time; the next batch is let go on when this one was read. */
async function* scan(
  workers: DiskWorkers,
  options: { path: string; recursive: boolean; signal: AbortSignal | undefined },
): AsyncGenerator<ScannedFolder, void, void> {
  const { path, recursive, signal } = options;
  const batches: { readonly parts: readonly ListingPart[]; readonly read: () => void }[] = [];
  const begun: ListingPart[] = [];
  const left = new AbortController();
  let wake = (): void => undefined;
  let isRunning = true;
  const job = workers
    .run(
      "scan",
      { path, recursive },
      {
        signal: AbortSignal.any(signal === undefined ? [left.signal] : [left.signal, signal]),
        answer: async (parts) => {
          await new Promise<void>((read) => {
            batches.push({ parts: JSON.parse(parts) as ListingPart[], read });
            wake();
          });
          return { answer: null };
        },
      },
    )
    .finally(() => {
      isRunning = false;
      wake();
    });
  // Awaited at the end; a failure before that must not count as unheard.
  job.catch(() => undefined);
  try {
    for (;;) {
      const batch = batches.shift();
      if (batch !== undefined) {
        yield* joinParts(batch.parts, begun);
        batch.read();
      } else if (isRunning) await new Promise<void>((resolve) => (wake = resolve));
      else break;
    }
    await job;
  } finally {
    // A reader that leaves early ends the scan.
    left.abort();
    for (const { read } of batches) read();
  }
}
