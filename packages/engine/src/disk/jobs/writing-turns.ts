/** How long a thread waits for its turn at most: who has it may have died with it, and then the turn is only a matter of speed. */
const maxWaitMs = 1000;

/** Turns of several threads at writing to one file. */
export type WritingTurns = Int32Array<SharedArrayBuffer>;

export function newWritingTurns(): WritingTurns {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/**
 * Writes when no other thread of these turns does. The system lets one thread at a time write to a file anyway, and lets the others spin meanwhile: a fifth of what filling a file of
 * 1 GiB took. A thread that sleeps until its turn leaves the processor to those that have something to do.
 */
export function inTurn(turns: WritingTurns, write: () => void): void {
  while (Atomics.compareExchange(turns, 0, 0, 1) !== 0) {
    if (Atomics.wait(turns, 0, 1, maxWaitMs) === "timed-out") break;
  }
  try {
    write();
  } finally {
    Atomics.store(turns, 0, 0);
    Atomics.notify(turns, 0, 1);
  }
}
