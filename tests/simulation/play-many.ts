import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { simulate } from "./simulate.ts";

/** Seeds that are played in one go. */
const sliceSeeds = 50;
/** After so many failures there is enough to look at. */
const maxFailures = 5;

export interface Slice {
  readonly first: number;
  readonly count: number;
}

/** What became of some lives. */
export interface SliceReport {
  readonly played: number;
  readonly events: number;
  readonly failed: readonly { readonly seed: number; readonly message: string }[];
}

export async function playSlice({ first, count }: Slice): Promise<SliceReport> {
  const failed: { seed: number; message: string }[] = [];
  let events = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const outcome = await simulate({ seed, keepTrace: false });
    events += outcome.events;
    if (outcome.failure) failed.push({ seed, message: outcome.failure.message });
  }
  return { played: count, events, failed };
}

/** Plays so many lives in several threads, and stops early after some failures. `onFailed` hears of each at once. */
export async function playMany(options: {
  readonly first: number;
  readonly count: number;
  readonly workers: number;
  readonly onFailed: (seed: number, message: string) => void;
}): Promise<SliceReport> {
  const { first, count, workers, onFailed } = options;
  const total = { played: 0, events: 0, failed: [] as { seed: number; message: string }[] };
  let next = first;
  const takeSlice = (): Slice | undefined => {
    const left = Math.min(sliceSeeds, first + count - next);
    if (left <= 0 || total.failed.length >= maxFailures) return undefined;
    next += left;
    return { first: next - left, count: left };
  };
  const add = (report: SliceReport): void => {
    total.played += report.played;
    total.events += report.events;
    total.failed.push(...report.failed);
    for (const { seed, message } of report.failed) onFailed(seed, message);
  };
  if (workers === 1) for (let slice = takeSlice(); slice; slice = takeSlice()) add(await playSlice(slice));
  else await Promise.all(Array.from({ length: workers }, () => playInWorker(takeSlice, add)));
  return total;
}

/** One thread, slice after slice. Rejects when the thread ends by itself. */
async function playInWorker(takeSlice: () => Slice | undefined, add: (report: SliceReport) => void): Promise<void> {
  const worker = new Worker(new URL("./slice-worker.ts", import.meta.url));
  try {
    for (let slice = takeSlice(); slice; slice = takeSlice()) {
      worker.postMessage(slice);
      // Rejects when the thread fails instead of answering.
      const [report] = (await once(worker, "message")) as [SliceReport];
      add(report);
    }
  } finally {
    await worker.terminate();
  }
}
