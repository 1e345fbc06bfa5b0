import type { EntryId } from "@satchel/protocol";
import { plan, planExcluding, type Excluded, type Plan, type PlanOptions } from "@satchel/reconcile";
import type { Offers } from "../books/offers.ts";
import type { Clock } from "../ports/clock.ts";
import type { IssueBook } from "../run/report/issues.ts";
import type { StateStore } from "../state/state-store.ts";
import { disown, idsBelow } from "./disown.ts";

export interface ExclusionParts {
  readonly state: StateStore;
  readonly issues: IssueBook;
  readonly clock: Clock;
  readonly offers: Pick<Offers, "disown">;
  /** What the person wants left out at the start. */
  readonly wanted: readonly EntryId[];
}

/**
 * Which entries this device leaves out. What is wanted comes from outside; what the state remembers is what was left out so far, so that an entry that is wanted again is first looked for on the disk:
 * only then is it known that what isn't there was not deleted by a person. [EN71]
 */
export class Exclusions {
  readonly #parts: ExclusionParts;
  readonly #roots: Set<EntryId>;
  /** Wanted again, and left out until the next look at everything has ended. */
  readonly #returning = new Set<EntryId>();
  #clashes: ReadonlySet<EntryId> = new Set();
  #waiting: ReadonlySet<EntryId> = new Set();

  constructor(parts: ExclusionParts) {
    this.#parts = parts;
    const known = JSON.parse(parts.state.setting("excluded") ?? "[]") as EntryId[];
    this.#roots = new Set(known);
    this.choose(parts.wanted);
  }

  /** Leaves out these and no others. Those that were left out so far come back after the next look at everything. */
  choose(wanted: readonly EntryId[]): void {
    const { state } = this.#parts;
    const chosen = new Set(wanted);
    this.#returning.clear();
    for (const id of this.#roots) if (!chosen.has(id)) this.#returning.add(id);
    const isNew = wanted.some((id) => !this.#roots.has(id));
    for (const id of wanted) this.#roots.add(id);
    // What was pending is to be looked at again in this light.
    if (isNew) for (const id of state.changed()) state.mark(id);
    if (isNew) this.#remember();
    this.markPresent();
  }

  /** What a look at everything that begins now will bring back. */
  get returning(): readonly EntryId[] {
    return [...this.#returning];
  }

  /** The whole disk was looked at: what is not on it never was. [RC86] */
  takeIn(ids: readonly EntryId[]): void {
    const { state } = this.#parts;
    const coming = ids.filter((id) => this.#returning.delete(id));
    if (coming.length === 0) return;
    state.transaction(() => {
      for (const id of coming) {
        this.#roots.delete(id);
        for (const each of [id, ...idsBelow(state.remote, id)]) {
          disown(this.#parts, each);
          state.leaving.drop(each);
          state.mark(each);
        }
      }
      this.#remember();
    });
  }

  /** Others moved a folder, perhaps out of what is left out: what is in it was not told of then. */
  onRemoteMoved(id: EntryId): void {
    const { state } = this.#parts;
    if (this.#roots.size > 0) for (const each of idsBelow(state.remote, id)) state.mark(each);
  }

  /** Nothing will be done about the entry before a person, or something else, makes way. */
  isWaiting(id: EntryId): boolean {
    return this.#waiting.has(id);
  }

  get isAnyWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Whether the server has the entry in what is left out. */
  isExcluded(id: EntryId): boolean {
    const { state } = this.#parts;
    if (this.#roots.size === 0) return false;
    const passed = new Set<EntryId>();
    for (let at: EntryId | null = id; at !== null && !passed.has(at); at = state.remote.find(at)?.parentId ?? null) {
      if (this.#roots.has(at)) return true;
      passed.add(at);
    }
    return false;
  }

  isRoot(id: EntryId): boolean {
    return this.#roots.has(id);
  }

  /** A root that is still on the disk is something to do. */
  markPresent(): void {
    const { state } = this.#parts;
    for (const id of this.#roots) if (state.localPath(id) !== undefined) state.mark(id);
  }

  /** Whether something that is left out is on the disk still: it was in use when it was to go, say. */
  get isAnyPresent(): boolean {
    for (const id of this.#roots) if (this.#parts.state.localPath(id) !== undefined) return true;
    return false;
  }

  /** Whether this device leaves anything out. */
  get isAny(): boolean {
    return this.#roots.size > 0;
  }

  /** What to do now about these entries, all that changed if left out, and which are to leave the disk. When anything is left out of the device, they must be all. */
  plan(
    options: PlanOptions,
    changed: readonly EntryId[] = this.#parts.state.changed(),
  ): { readonly plan: Plan; readonly withdrawn: readonly EntryId[] } {
    const { state } = this.#parts;
    if (!this.isAny) return { plan: plan(state.trees(changed), options), withdrawn: [] };
    const made = planExcluding(state.trees(changed), this.#roots, options);
    this.#keepInMind(made.excluded);
    return { plan: made.plan, withdrawn: made.excluded.withdrawn };
  }

  #keepInMind({ away, withdrawn, held, clashes }: Excluded): void {
    const { state, issues, clock } = this.#parts;
    state.transaction(() => {
      for (const id of away) {
        if (state.synced.find(id) || state.local.find(id)) disown(this.#parts, id);
        state.unmark(id);
      }
    });
    const leaving = new Set(withdrawn);
    const staying = [...this.#roots].filter((id) => state.localPath(id) !== undefined && !leaving.has(id));
    this.#waiting = new Set([...held, ...staying]);
    const solved = [...this.#clashes].filter((id) => !clashes.includes(id));
    if (solved.length > 0) issues.keepOnly((id) => !solved.includes(id));
    this.#clashes = new Set(clashes);
    for (const id of clashes) {
      if (issues.isPaused(id, clock.nowMs())) continue;
      const path = state.localPath(id) ?? "";
      issues.block(id, { path, code: "name_excluded", message: nameExcluded }, clock.nowMs());
    }
  }

  #remember(): void {
    this.#parts.state.transaction(() => this.#parts.state.setSetting("excluded", JSON.stringify([...this.#roots])));
  }
}

const nameExcluded =
  "The server has something else of this name, which this device leaves out, so this stays here only: rename it, or take the other in again (`satchel exclude remove`).";
