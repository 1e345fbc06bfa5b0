import type { EntryId } from "@satchel/protocol";
import type { Clock } from "../ports/clock.ts";
import type { LocalRecord, StateStore } from "../state/state-store.ts";

/** Files up to this size are usually written in one go. */
const oneGoBytes = 64 * 1024;
/** So long a larger file must have stayed the same, since its writer may be in the middle of it. */
const restMs = 25;
/** So long an emptied file stays unread: programs empty a file and write it then. */
const emptiedRestMs = 100;

/** Tells files that are still being written by looking, not by waiting: a small file that was written in one go is ready at once. */
export class QuietFiles {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #seen = new Map<EntryId, { fingerprint: string; sinceMs: number }>();

  constructor(state: StateStore, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  /** In how many milliseconds the file is ready to be read if it stays as it is; 0 for now. */
  waitMs(id: EntryId): number {
    const record = this.#state.local.find(id);
    if (!record || record.fingerprint === null) return 0;
    const rest = this.#restOf(record);
    const now = this.#clock.nowMs();
    const seen = this.#seen.get(id);
    if (rest === 0 || (seen?.fingerprint === record.fingerprint && Math.abs(now - seen.sinceMs) >= rest)) {
      this.#seen.delete(id);
      return 0;
    }
    if (seen?.fingerprint === record.fingerprint) return rest - Math.abs(now - seen.sinceMs);
    this.#seen.set(id, { fingerprint: record.fingerprint, sinceMs: now });
    return rest;
  }

  #restOf(record: LocalRecord): number {
    if (record.sizeBytes === 0) return (this.#state.synced.find(record.id)?.sizeBytes ?? 0) > 0 ? emptiedRestMs : 0;
    const isOld = Math.abs(this.#clock.nowMs() - record.modifiedMs) > oldMs;
    return record.sizeBytes <= oneGoBytes || isOld ? 0 : restMs;
  }
}

/** A file that was last written so long ago is not being written now (unless its time was set, and then reading it twice finds out). */
const oldMs = 2000;
