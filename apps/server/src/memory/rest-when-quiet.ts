import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** So long nothing may have come; and once more when what is lent and remembered for seconds has been let go. */
const looksMs = [3000, 12_000];
/** Less than this is not worth a collection, which takes some 50 ms. */
const worthBytes = 8 * 1024 * 1024;

/** What resting does to a thread's memory; replaced in tests. */
export interface ThreadMemory {
  /** What the collector could look at: its heap, and buffers beside it. */
  readonly usedBytes: () => number;
  readonly collect: () => void;
}

/**
 * Gives this thread's garbage back to the system when a burst is over. V8 collects when it needs room, and so never while nothing happens: what a burst left, and the buffers that hang on it, would stay for as long as the thread rests.
 * The function that it returns is called whenever something comes; it costs next to nothing. Its timer keeps nothing alive.
 */
export function restWhenQuiet(memory: ThreadMemory = ownMemory): () => void {
  let lastMs = 0;
  let timer: NodeJS.Timeout | undefined;
  /** What was left after the last rest. */
  let restingBytes = 0;

  function rest(): void {
    if (memory.usedBytes() - restingBytes < worthBytes) return;
    memory.collect();
    restingBytes = memory.usedBytes();
  }

  function look(): void {
    timer = undefined;
    const restsMs = performance.now() - lastMs;
    if (looksMs.some((ms) => restsMs >= ms)) rest();
    const nextMs = looksMs.find((ms) => ms > restsMs);
    if (nextMs !== undefined) timer = setTimeout(look, nextMs - restsMs).unref();
  }

  return () => {
    lastMs = performance.now();
    timer ??= setTimeout(look, looksMs[0]).unref();
  };
}

const ownMemory: ThreadMemory = {
  usedBytes: () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  },
  collect() {
    // The collector is only shown to programs that ask for it; a context made after asking has it.
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as (options: { type: "major"; flavor: "last-resort" }) => void;
    collect({ type: "major", flavor: "last-resort" });
  },
};
