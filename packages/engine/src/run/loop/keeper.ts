import type { DecisionLog } from "../../decisions/decision-log.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Disk } from "../../ports/disk.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { RootGuard } from "../outside/root-guard.ts";

/** So much of its memory a device may have to find out again after a crash. */
const keepIntervalMs = 1500;

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

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /**
   * Writes down what was found out. What was put in place is made to last before the books that tell of it: a file that a power cut took away must not look like one that a
   * person deleted; and it was done in the synced folder, not in one that took its place meanwhile. @throws DiskError, RootChangedError, StateUnwritableError
   */
  readonly keep = async (): Promise<void> => {
    const { disk, state, root, decisions, clock } = this.#parts;
    this.#keptMs = clock.nowMs();
    await disk.settle();
    if (state.hasNews) await root.check();
    decisions.write();
    state.flush();
  };

  /** The same if the last time is a while ago: for whoever finds out much, step by step. [EN65] @throws as {@link keep} */
  readonly keepIfDue = async (): Promise<void> => {
    if (Math.abs(this.#parts.clock.nowMs() - this.#keptMs) >= keepIntervalMs) await this.keep();
  };
}
