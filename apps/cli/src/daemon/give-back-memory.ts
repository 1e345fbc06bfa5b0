import { collectGarbage, limitHeapGrowth, trimMalloc } from "@satchel/engine";

/** So long nothing may have happened. */
const quietMs = 3000;
/** How often it is looked how large the heap is, while something happens. */
const lookMs = 250;
/** Less than this is not worth a collection, which takes some 50 ms. */
const worthBytes = 16 * 1024 * 1024;

/** What the keeper reads and does; passed in by its test. */
export interface Memory {
  readonly residentBytes: () => number;
  /** Lets go of what only speeds up what comes next. */
  readonly shrink: () => void;
  readonly collect: () => void;
  /** Called again and again while something happens. */
  readonly limitGrowth: () => void;
}

/**
 * Gives memory back to the system when a burst is over. V8 collects garbage when it needs room, and so never while nothing happens: what a hundred thousand files took stays taken for as long as the
 * program rests.
 */
export class MemoryKeeper {
  readonly #memory: Memory;
  #timer: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  /** What was left after the last collection. Before the first, nothing is known to have been left: loading the program makes garbage too. */
  #restingBytes = 0;

  /** Busy, until it is told otherwise: the first look at a large folder is most of what a start takes, and comes before anything is told. */
  constructor(memory: Memory) {
    this.#memory = memory;
    this.setBusy(true);
  }

  /** Whether there is something to do now. */
  setBusy(isBusy: boolean): void {
    this.close();
    if (isBusy) {
      this.#looking = setInterval(this.#memory.limitGrowth, lookMs);
      this.#looking.unref();
      return;
    }
    this.#timer = setTimeout(() => this.#giveBack(), quietMs);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#looking);
  }

  #giveBack(): void {
    this.#memory.shrink();
    if (this.#memory.residentBytes() - this.#restingBytes < worthBytes) return;
    this.#memory.collect();
    this.#restingBytes = this.#memory.residentBytes();
  }
}

/** This process's memory. `shrink` lets go of what its engines keep at hand. */
export function ownMemory(shrink: () => void): Memory {
  return {
    residentBytes: () => process.memoryUsage.rss(),
    shrink,
    collect: () => {
      collectGarbage();
      trimMalloc();
    },
    limitGrowth: () => void limitHeapGrowth(),
  };
}
