import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** So long nothing may have come. */
const quietMs = 3000;
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

  function look(): void {
    timer = undefined;
    const restsMs = performance.now() - lastMs;
    if (restsMs < quietMs) {
      timer = setTimeout(look, quietMs - restsMs).unref();
      return;
    }
    if (memory.usedBytes() - restingBytes < worthBytes) return;
    memory.collect();
    restingBytes = memory.usedBytes();
  }

  return () => {
    lastMs = performance.now();
    timer ??= setTimeout(look, quietMs).unref();
  };
}

const ownMemory: ThreadMemory = {
  usedBytes: () => {
    const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
    return heap + external;
  },
  collect() {
    // The collector is only shown to programs that ask for it; a context made after asking has it.
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as (options: { type: "major"; flavor: "last-resort" }) => void;
    collect({ type: "major", flavor: "last-resort" });
  },
};
