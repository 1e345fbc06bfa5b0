import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** So long nothing may have happened. */
const quietMs = 3000;
/** Less than this is not worth a collection, which takes some 50 ms. */
const worthBytes = 16 * 1024 * 1024;

/** What the keeper reads and does; passed in by its test. */
export interface Memory {
  readonly residentBytes: () => number;
  readonly collect: () => void;
}

/**
 * Gives memory back to the system when a burst is over. V8 collects garbage when it needs room, and so never while nothing happens: what a hundred thousand files took stays taken for as long as the
 * program rests.
 */
export class MemoryKeeper {
  readonly #memory: Memory;
  #timer: NodeJS.Timeout | undefined;
  /** What was left after the last collection. */
  #restingBytes: number;

  constructor(memory: Memory = ownMemory) {
    this.#memory = memory;
    this.#restingBytes = memory.residentBytes();
  }

  /** Whether there is something to do now. */
  setBusy(isBusy: boolean): void {
    clearTimeout(this.#timer);
    if (isBusy) return;
    this.#timer = setTimeout(() => this.#giveBack(), quietMs);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #giveBack(): void {
    if (this.#memory.residentBytes() - this.#restingBytes < worthBytes) return;
    this.#memory.collect();
    this.#restingBytes = this.#memory.residentBytes();
  }
}

const ownMemory: Memory = {
  residentBytes: () => process.memoryUsage.rss(),
  collect() {
    // The collector is only shown to programs that ask for it; a context made after asking has it.
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as (options: { type: "major"; flavor: "last-resort" }) => void;
    collect({ type: "major", flavor: "last-resort" });
  },
};
