import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { DiskError } from "../../ports/disk.ts";
import { DiskWorkerThread } from "./disk-worker-thread.ts";
import type { RunOptions } from "./job.ts";
import type { JobName, Jobs } from "./job-table.ts";

/** More would not make one disk faster, and each costs some 10 MiB. */
const maxWorkers = 2;

/** With so few processors none is to spare: what a second thread did, the rest of the program would wait for. */
const fewProcessors = 2;

/** Then a second thread starts when the first has read one file for so long, besides where a file is large enough to be shared. Starting one takes some 40 ms. */
const largeFileMs = 200;

/** Jobs that wait for others (a reader, an upload, a download) and that one worker runs at a time. */
const maxLongJobsPerWorker = 4;

/** Jobs that wait for their turn; a caller that asks for more has lost count of its work. */
const maxWaitingJobs = 16_384;

/** A second thread that had nothing to do for so long ends; the first stays, since starting one takes longer than a small file, and gives back what it can. */
const spareMs = 5000;

/** These wait for their callers; the others end by themselves, and soon, so they never wait for a turn. */
const longJobs: ReadonlySet<JobName> = new Set<JobName>(["scan", "cut", "fillPart"]);

/** Threads that read and write the synced folder, so that neither slow disks nor hashing hold up the event loop. */
export interface DiskWorkers {
  /** Threads that share the work for a large file. */
  readonly count: number;
  /** Threads that share the work for many small ones. */
  readonly smallCount: number;
  /** Threads that there are now. */
  readonly startedCount: number;
  /** @throws DiskError; the signal's reason when it was aborted */
  run<Name extends JobName>(
    name: Name,
    input: Jobs[Name]["input"],
    options?: RunOptions<Jobs[Name]>,
  ): Promise<Jobs[Name]["result"]>;
  close(): Promise<void>;
}

/** They start when they are needed, are replaced when they crash, and don't keep a process alive that has nothing to do. */
export function openDiskWorkers(root: string, processors = availableParallelism()): DiskWorkers {
  const entry = new URL(`./disk-worker${extname(import.meta.url)}`, import.meta.url);
  const isTight = processors <= fewProcessors;
  const count = Math.min(maxWorkers, processors);
  const threads = Array.from({ length: count }, () => new DiskWorkerThread(entry, root));
  const waiting: (() => void)[] = [];
  let isClosed = false;
  let spare: NodeJS.Timeout | undefined;
  let lastJobMs = 0;

  /** One thread is enough for what comes now and then. The timer is not set anew with each of thousands of jobs. */
  function restSoon(): void {
    lastJobMs = performance.now();
    spare ??= setTimeout(function look() {
      spare = undefined;
      const quietMs = performance.now() - lastJobMs;
      const isBusy = threads.some(({ longJobs, shortJobs }) => longJobs + shortJobs > 0);
      if (isBusy || isClosed) return;
      const [first, ...others] = threads;
      if (quietMs >= spareMs) {
        first?.rest();
        Promise.all(others.map((thread) => thread.end())).catch(ignore);
      } else spare = setTimeout(look, spareMs - quietMs).unref();
    }, spareMs).unref();
  }

  const leastBusy = (isLong: boolean, isShare: boolean): DiskWorkerThread => {
    const isRoom = ({ longJobs }: DiskWorkerThread): boolean => !isLong || longJobs < maxLongJobsPerWorker;
    const isWorthStarting = !isTight || isShare || threads.some((thread) => thread.isReadingFor(largeFileMs));
    const started = threads.filter((thread) => thread.isStarted && isRoom(thread));
    const candidates = isWorthStarting || started.length === 0 ? threads : started;
    return candidates.reduce((best, thread) => (load(thread, isLong) < load(best, isLong) ? thread : best));
  };

  async function turn(): Promise<void> {
    if (waiting.length === 0 && threads.some(({ longJobs }) => longJobs < maxLongJobsPerWorker)) return;
    if (waiting.length >= maxWaitingJobs) throw new DiskError("failed", "", "too much work is waiting for the disk");
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  return {
    count,
    smallCount: isTight ? 1 : count,
    get startedCount() {
      return threads.filter(({ isStarted }) => isStarted).length;
    },
    async run(name, input, options = {}) {
      const isLong = longJobs.has(name);
      if (isLong) await turn();
      options.signal?.throwIfAborted();
      if (isClosed) throw new DiskError("failed", "", "the disk was closed");
      try {
        return await leastBusy(isLong, options.isShare === true).run(name, input, { isLong, ...options });
      } finally {
        if (isLong) waiting.shift()?.();
        restSoon();
      }
    },
    async close() {
      isClosed = true;
      clearTimeout(spare);
      for (const wake of waiting.splice(0)) wake();
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

/** A thread that can't be ended goes on resting. */
function ignore(): void {}

/** Short jobs go where little else is to be done now; long ones are spread evenly. A thread that would have to be started first waits until two short jobs lie before another. */
function load(thread: DiskWorkerThread, isLong: boolean): number {
  if (isLong) return thread.longJobs;
  const perShortJob = maxLongJobsPerWorker + 1;
  return thread.shortJobs * perShortJob + thread.longJobs + (thread.isStarted ? 0 : 2 * perShortJob);
}
