import type { EntryId } from "@satchel/protocol";
import * as Y from "yjs";
import type { Host } from "../../host.ts";
import type { LiveHold, LiveStore } from "../../storage/metadata/live-store.ts";
import { addTypist, sealRecord, sealUpdate, type LiveRecord, type Typist } from "./live-record.ts";

/** How long a session is this process's without a word from it, and how often it says one. */
export const holdMs = 10_000;
export const prolongMs = 4000;

export interface JournalParts {
  readonly store: LiveStore;
  /** Seals what is kept. */
  readonly key: Uint8Array;
  readonly host: Host;
  /** Of this process. */
  readonly holder: string;
  /** Told of what failed and is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** What somebody typed, until it is kept. */
export interface Pending {
  readonly update: Uint8Array;
  /** Undefined where nothing came of it. */
  readonly typist: Typist | undefined;
  readonly onKept: () => void;
}

/** What is kept of one session, so that the next process finds it: one call at a time, each of which answers false when another process has the session by now. */
export class LiveJournal {
  readonly #parts: JournalParts;
  readonly #hold: LiveHold;
  #nth: number;
  #pending: Pending[] = [];
  #typists: readonly Typist[];
  #credited: readonly Typist[] = [];
  #cancelProlong = (): void => {};
  /** Whether updates are kept beside the record. */
  #hasLog = false;

  constructor(parts: JournalParts, begun: { fileId: EntryId; nth: number; typists: readonly Typist[] }) {
    this.#parts = parts;
    this.#hold = { fileId: begun.fileId, holder: parts.holder };
    this.#nth = begun.nth;
    this.#typists = begun.typists;
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  get hasLog(): boolean {
    return this.#hasLog;
  }

  add(pending: Pending): void {
    this.#pending.push(pending);
    if (pending.typist) this.#typists = addTypist(this.#typists, pending.typist);
  }

  /** Those whose words go into a version now; back with {@link takeBack} where none is written. */
  credit(): readonly Typist[] {
    this.#credited = this.#typists.reduce(addTypist, this.#credited);
    this.#typists = [];
    return this.#credited;
  }

  takeBack(): void {
    this.#typists = this.#typists.reduce(addTypist, this.#credited);
    this.#credited = [];
  }

  credited(): void {
    this.#credited = [];
  }

  /** All that waits, in one step. */
  async keepUpdates(): Promise<boolean> {
    const { store, key } = this.#parts;
    return await this.#keep(async (batch) => {
      const update = Y.mergeUpdates(batch.map((pending) => pending.update));
      const typists = batch.flatMap(({ typist }) => typist ?? []).reduce(addTypist, []);
      this.#nth += 1;
      this.#hasLog = true;
      const sealed = sealUpdate(key, this.#hold.fileId, { update, typists });
      return await store.append(this.#hold, { nth: this.#nth, sealed });
    });
  }

  /** A record in place of all updates. */
  async keepRecord(record: Omit<LiveRecord, "typists">): Promise<boolean> {
    const { store, key, host } = this.#parts;
    return await this.#keep(async () => {
      const typists = this.#typists.reduce(addTypist, this.#credited);
      const sealed = sealRecord(key, this.#hold.fileId, { ...record, typists });
      const isHeld = await store.save(this.#hold, { sealed, through: this.#nth, nowMs: host.nowMs() });
      this.#hasLog = false;
      return isHeld;
    });
  }

  async #keep(keep: (batch: readonly Pending[]) => Promise<boolean>): Promise<boolean> {
    const batch = this.#pending;
    this.#pending = [];
    try {
      if (!(await keep(batch))) return false;
    } catch (error) {
      this.#pending = [...batch, ...this.#pending];
      throw error;
    }
    for (const { onKept } of batch) onKept();
    return true;
  }

  /** Says from time to time that this process is alive, until {@link stop}. */
  prolong(onLost: () => void): void {
    const { host, store, onFailure } = this.#parts;
    const later = (): void => {
      this.#cancelProlong = host.after(prolongMs, () => void again());
    };
    const again = async (): Promise<void> => {
      try {
        if (!(await store.prolong({ ...this.#hold, nowMs: host.nowMs(), forMs: holdMs }))) return onLost();
      } catch (error) {
        // What is closed meanwhile may fail.
        if (!this.#isStopped) onFailure(error);
      }
      if (!this.#isStopped) later();
    };
    later();
  }

  #isStopped = false;

  stop(): void {
    this.#isStopped = true;
    this.#cancelProlong();
  }

  /** Lets other processes have the session. */
  async release(): Promise<void> {
    await this.#parts.store.release(this.#hold);
  }

  /** Nothing of it stays. */
  async remove(): Promise<void> {
    await this.#parts.store.remove(this.#hold);
  }
}
