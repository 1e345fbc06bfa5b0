import { resolve } from "node:path";
import type { Disk, ScannedFolder } from "../ports/disk.ts";
import { joinParts, type ListingPart } from "./jobs/list-folder.ts";
import { nodeReader } from "./node-reader.ts";
import { nodeWriter } from "./node-writer.ts";
import { settlingStructure } from "./settling-structure.ts";
import { createStructureQueue } from "./structure-queue.ts";
import { openDiskWorkers, type DiskWorkers } from "./workers/disk-workers.ts";

/** A folder of this machine's file system. Nothing is touched before the first call. */
export function openNodeDisk(options: { readonly root: string }): Disk {
  const workers = openDiskWorkers(resolve(options.root));
  const queue = createStructureQueue(workers);
  return {
    reader: nodeReader(workers),
    writer: nodeWriter(workers, (path) => queue.perform("removeTemporary", path)),
    scan: (path, { recursive, signal }) => scan(workers, { path, recursive, signal }),
    ...settlingStructure(queue),
    close: () => workers.close(),
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
