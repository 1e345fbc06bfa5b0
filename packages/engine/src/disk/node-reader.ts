import type { ContentReader, CutFile, DiskError } from "../ports/disk.ts";
import { fromWireError, type WireError } from "./system-error.ts";
import type { DiskWorkers } from "./workers/disk-workers.ts";

/** Files that one message to a worker names: with more, the other worker would have nothing to do. */
const maxFilesPerJob = 64;
/** Below this, a second worker's message costs more than it saves. */
const minFilesPerJob = 8;

/** What reads and cuts files, in the workers. */
export function nodeReader(workers: DiskWorkers): ContentReader {
  return {
    async readSmall(paths) {
      const batches = splitEvenly(paths, workers.smallCount);
      const outcomes = await Promise.all(batches.map((batch) => workers.run("readSmall", batch)));
      return outcomes.flat().map(outcomeOf<CutFile>);
    },

    cut: (path, { previousSizeBytes, previousChunkCount, onChunks, signal }) =>
      workers.run(
        "cut",
        { path, previousSizeBytes, previousChunkCount: previousChunkCount ?? null },
        {
          signal,
          answer: async (chunks) => {
            await onChunks(chunks);
            return { answer: null };
          },
        },
      ),

    readChunks: async (path, chunks, into) => [...(await workers.run("readChunks", { path, chunks, into }))],
  };
}

/** Parts of about equal length, in order, for so many workers. */
export function splitEvenly<Item>(items: readonly Item[], workerCount: number): (readonly Item[])[] {
  const wantedParts = Math.min(workerCount, Math.ceil(items.length / minFilesPerJob));
  const length = Math.min(maxFilesPerJob, Math.ceil(items.length / Math.max(1, wantedParts)));
  const parts: (readonly Item[])[] = [];
  for (let at = 0; at < items.length; at += length) parts.push(items.slice(at, at + length));
  return parts;
}

/** An outcome as the port has it. */
export function outcomeOf<Result extends object>(outcome: Result | { readonly error: WireError }): Result | DiskError {
  return "error" in outcome ? fromWireError(outcome.error) : outcome;
}
