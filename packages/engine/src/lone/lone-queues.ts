import type { EntryId } from "@satchel/protocol";
import { lonePlanner, type LoneOperation } from "@satchel/reconcile";
import { maxSmallFileBytes } from "../ports/disk.ts";
import type { StateStore } from "../state/state-store.ts";

/** What an entry that can be planned alone waits for. */
export type LoneStep = "make_folder" | "read_small" | "read_large" | "commit" | "fetch_small" | "fetch_large";

/** So many changes are looked at in one turn of the engine's loop: some 50 ms. */
const maxSorted = 5000;

/**
 * Changed entries that need no plan for all, each waiting for its next step, and the others. Every write to an entry's row makes it be looked at anew, so what waits here is decided
 * on what is known now; and its step is planned once more when its turn comes.
 */
export class LoneQueues {
  readonly #state: StateStore;
  readonly #isExcluded: (id: EntryId) => boolean;
  readonly #waiting: Record<LoneStep, Set<EntryId>> = {
    make_folder: new Set(),
    read_small: new Set(),
    read_large: new Set(),
    commit: new Set(),
    fetch_small: new Set(),
    fetch_large: new Set(),
  };
  /** What each of those waits for. */
  readonly #steps = new Map<EntryId, LoneStep>();
  /** Folders that are being made: what is in them follows. */
  readonly #coming = new Set<EntryId>();
  readonly #rest = new Set<EntryId>();
  /** Written to while a job had them. */
  readonly #again = new Set<EntryId>();

  /** @param isExcluded of what is left out of this device, only a plan for all tells what to do */
  constructor(state: StateStore, isExcluded: (id: EntryId) => boolean = () => false) {
    this.#state = state;
    this.#isExcluded = isExcluded;
  }

  /** Looks at what changed since the last time. Answers whether there is more. */
  sort(hold: { isInJob(id: EntryId): boolean; isPaused(id: EntryId): boolean }): boolean {
    const planAlone = this.planner();
    for (const id of this.#state.takeFresh(maxSorted)) {
      if (hold.isInJob(id)) {
        this.#again.add(id);
        continue;
      }
      this.drop(id);
      const operation = hold.isPaused(id) ? undefined : planAlone(id, this.isComing);
      if (operation) this.#wait(id, this.#stepOf(operation));
      else this.#rest.add(id);
    }
    return this.#state.freshCount > 0;
  }

  /** Plans single entries from the trees as they are now. */
  planner(): ReturnType<typeof lonePlanner> {
    const { rootId, remote, local, synced } = this.#state;
    const planAlone = lonePlanner({ rootId, remote, local, synced });
    return (id, isComing) => (this.#isExcluded(id) ? undefined : planAlone(id, isComing));
  }

  readonly isComing = (folderId: EntryId): boolean =>
    this.#coming.has(folderId) || this.#waiting.commit.has(folderId) || this.#waiting.make_folder.has(folderId);

  /** The entries that wait for a step, in order. */
  waiting(step: LoneStep): ReadonlySet<EntryId> {
    return this.#waiting[step];
  }

  readonly has = (id: EntryId): boolean => this.#steps.has(id);

  /** Whether something waits that comes from the server. */
  get isAnythingToCome(): boolean {
    const { make_folder: folders, fetch_small: small, fetch_large: large } = this.#waiting;
    return folders.size + small.size + large.size > 0;
  }

  /** How many entries wait for a step. */
  get count(): number {
    return this.#steps.size;
  }

  /** Whether something changed that only a plan for all can tell what to do about. */
  get hasRest(): boolean {
    for (const id of this.#rest) {
      if (this.#state.isChanged(id)) return true;
      this.#rest.delete(id);
    }
    return false;
  }

  /** Leaves the entry to the plan for all, until something is written of it. */
  leave(id: EntryId): void {
    this.drop(id);
    this.#rest.add(id);
  }

  /** The entries are being made: what is in new folders among them may follow. */
  setComing(ids: readonly EntryId[]): void {
    for (const id of ids) this.#coming.add(id);
  }

  /** A job with these entries has ended. What is not done with is looked at again: alone if something was written of it or the job failed as a whole, else in the plan for all. */
  ended(ids: readonly EntryId[], hasFailed: boolean): void {
    for (const id of ids) {
      this.#coming.delete(id);
      const isAgain = this.#again.delete(id);
      if (!this.#state.isChanged(id)) continue;
      if (hasFailed || isAgain) this.#state.mark(id);
      else if (!this.#state.isFresh(id)) this.#rest.add(id);
    }
  }

  /** The entry waits behind all others that wait for the same. */
  putLast(id: EntryId): void {
    const step = this.#steps.get(id);
    if (step === undefined) return;
    this.#waiting[step].delete(id);
    this.#waiting[step].add(id);
  }

  drop(id: EntryId): void {
    this.#rest.delete(id);
    const step = this.#steps.get(id);
    if (step === undefined) return;
    this.#waiting[step].delete(id);
    this.#steps.delete(id);
  }

  #wait(id: EntryId, step: LoneStep): void {
    this.#waiting[step].add(id);
    this.#steps.set(id, step);
  }

  #stepOf({ do: what, id }: LoneOperation): LoneStep {
    const isLarge = (item: { sizeBytes: number } | undefined): boolean => (item?.sizeBytes ?? 0) > maxSmallFileBytes;
    if (what === "make_folder") return what;
    if (what === "ingest") return isLarge(this.#state.local.find(id)) ? "read_large" : "read_small";
    if (what === "fetch") return isLarge(this.#state.remote.find(id)) ? "fetch_large" : "fetch_small";
    return "commit";
  }
}
