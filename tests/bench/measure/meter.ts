import {
  cpuSeconds,
  endedChildrenCpuSeconds,
  machineCpuSeconds,
  ownCpuSeconds,
  residentBytes,
  withDescendants,
} from "./processes.ts";
import { threadTimes, threadUse, type ThreadUse } from "./threads.ts";
import { loopbackBytes } from "./wire.ts";

/** What a system used between two moments. */
export interface Usage {
  readonly cpuSeconds: number;
  /** The greatest sum of resident memory seen, sampled. */
  readonly peakBytes: number;
  readonly wireBytes: number;
  /** Processors that something else on the machine kept busy, on average: figures above a few tenths are disturbed. */
  readonly otherCores: number;
  /** By thread, where that was asked for. */
  readonly threads?: readonly ThreadUse[];
}

/** A measurement that runs. */
export interface Meter {
  /** CPU seconds so far. */
  readonly cpuSeconds: () => number;
  stop(): Usage;
}

const SAMPLE_EVERY_MS = 50;

/** Begins to measure the processes that `pids` names at each sample, and the programs that this process runs. */
export function startMeter(pids: () => number[], options: { readonly threads: boolean } = { threads: false }): Meter {
  const started = performance.now();
  const system = (): number => cpuSeconds(withDescendants(pids())) + endedChildrenCpuSeconds();
  const all = (): number => machineCpuSeconds() - ownCpuSeconds();
  const before = { system: system(), all: all(), wire: loopbackBytes() };
  // Its own children (cp, rsync) are descendants of this process, not of the system's.
  const everyone = (): number[] => withDescendants([...pids(), process.pid]).filter((pid) => pid !== process.pid);
  let peakBytes = 0;
  const sample = (): void => {
    peakBytes = Math.max(peakBytes, residentBytes(everyone()));
  };
  sample();
  const threads = options.threads ? threadTimes(pids()) : undefined;
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  const used = (): number => system() - before.system;
  return {
    cpuSeconds: used,
    stop: () => {
      clearInterval(timer);
      sample();
      const seconds = (performance.now() - started) / 1000;
      const others = all() - before.all - used();
      return {
        cpuSeconds: used(),
        peakBytes,
        wireBytes: loopbackBytes() - before.wire,
        otherCores: Math.max(0, others / seconds),
        ...(threads && { threads: threadUse(threads, threadTimes(pids())) }),
      };
    },
  };
}
