import type { DecisionLog } from "../../decisions/decision-log.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Disk } from "../../ports/disk.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { RootGuard } from "../outside/root-guard.ts";

/** So much of its memory a device may have to find out again after a crash. */
const keepIntervalMs = 1500;
/** What is worth writing down often may take one part of so many of the time. */
const writingShare = 20;

export interface KeeperParts {
  readonly disk: Disk;
  readonly state: StateStore;
  readonly root: RootGuard;
  readonly decisions: DecisionLog;
  readonly clock: Clock;
}

/** Writes the books down: each time costs a write to all the places of the database that were touched. */
export class Keeper {
  readonly #parts: KeeperParts;
  #keptMs = Number.NEGATIVE_INFINITY;
  /** How long the books took to write the last time. */
  #writingMs = 0;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /**
   * Writes down what was found out. What was put in place is made to last before the books that tell of it: a file that a power cut took away must not look like one that a
   * person deleted; and it was done in the synced folder, not in one that took its place meanwhile. Whatever was put in place while that was seen to is in the books as well: it is seen to once more.
   * @throws DiskError, RootChangedError, StateUnwritableError
   */
  readonly keep = async (): Promise<void> => {
    const { disk, state, root, decisions, clock } = this.#parts;
    this.#keptMs = clock.nowMs();
    do await Promise.all([disk.settle(), state.hasNews ? root.check() : undefined]);
    while (disk.isUnsettled());
    const startedMs = clock.nowMs();
    decisions.write();
    state.flush();
    this.#writingMs = Math.max(0, clock.nowMs() - startedMs);
  };

  /** The same if the last time is a while ago: for whoever finds out much, step by step. [EN65] @throws as {@link keep} */
  readonly keepIfDue = async (): Promise<void> => {
    if (this.#hasBeen(keepIntervalMs)) await this.keep();
  };

  /**
   * The same unless it would come too dear: for whoever sends thousands of new files, where each writing touches all the places of a large database that their ids fall into. The books of some ten thousand
   * files are written nearly every time. [EN11] @throws as {@link keep}
   */
  readonly keepIfCheap = async (): Promise<void> => {
    if (this.#hasBeen(Math.min(keepIntervalMs, this.#writingMs * writingShare))) await this.keep();
  };

  #hasBeen(intervalMs: number): boolean {
    return Math.abs(this.#parts.clock.nowMs() - this.#keptMs) >= intervalMs;
  }
}
