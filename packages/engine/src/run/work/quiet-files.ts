import type { EntryId } from "@satchel/protocol";
import type { Clock } from "../../ports/clock.ts";
import type { LocalRecord, StateStore } from "../../state/state-store.ts";

/** Files up to this size are usually written in one go. */
const oneGoBytes = 64 * 1024;
/** So long a larger file must have stayed the same, since its writer may be in the middle of it. */
const restMs = 25;
/** It must rest twice as long each time that it was found to have changed in between, up to this: a slow copy pauses. */
const maxRestMs = 800;
/** So long a file that just became empty, or was just made, stays unread: programs write it then. */
const emptyRestMs = 100;
/** A file that was last written so long ago is not being written now (unless its time was set, and then reading it twice finds out). */
const oldMs = 2000;
/** More files than this are not being written at once; forgetting them costs a short wait. */
const maxWatched = 10_000;

interface Seen {
  readonly fingerprint: string;
  readonly sinceMs: number;
  /** How often it was found changed while it was expected to rest. */
  readonly changes: number;
}

/** Tells files that are still being written by looking, not by waiting: a small file that was written in one go is ready at once. */
export class QuietFiles {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #seen = new Map<EntryId, Seen>();

  constructor(state: StateStore, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  /** In how many milliseconds the file is ready to be read if it stays as it is; 0 for now. */
  waitMs(id: EntryId): number {
    const record = this.#state.local.find(id);
    if (!record || record.fingerprint === null) return 0;
    const now = this.#clock.nowMs();
    const rest = this.#restOf(record, now);
    const before = this.#seen.get(id);
    if (rest === 0) {
      this.#seen.delete(id);
      return 0;
    }
    // What is ready stays known: when reading it finds that its writer went on after all, it must rest longer.
    const seen = before?.fingerprint === record.fingerprint ? before : this.#see(id, record.fingerprint, now, before);
    const needed = Math.min(maxRestMs, rest * 2 ** seen.changes);
    return Math.max(0, needed - Math.abs(now - seen.sinceMs));
  }

  #see(id: EntryId, fingerprint: string, sinceMs: number, before: Seen | undefined): Seen {
    if (this.#seen.size >= maxWatched) this.#seen.clear();
    const isSameWriter = before !== undefined && Math.abs(sinceMs - before.sinceMs) <= oldMs;
    const seen = { fingerprint, sinceMs, changes: isSameWriter ? before.changes + 1 : 0 };
    this.#seen.set(id, seen);
    return seen;
  }

  #restOf(record: LocalRecord, now: number): number {
    // A time to come says nothing: the clock of this machine, or that of the disk, may be wrong.
    if (now - record.modifiedMs > oldMs) return 0;
    if (record.sizeBytes === 0) return emptyRestMs;
    return record.sizeBytes <= oneGoBytes ? 0 : restMs;
  }
}
