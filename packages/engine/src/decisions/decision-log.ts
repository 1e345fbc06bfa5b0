import type { StatementSync } from "node:sqlite";
import type { EntryId } from "@satchel/protocol";
import { remotePath } from "../exclude/remote-path.ts";
import type { Clock } from "../ports/clock.ts";
import type { StateStore } from "../state/state-store.ts";
import { ruleOf, type Deed, type Sides } from "./rule-of.ts";
import { sideChange } from "./side-change.ts";

/** What the engine did about an entry, and what led to it. */
export interface Decision extends Sides {
  readonly atMs: number;
  readonly id: EntryId;
  /** Where the entry was, from the folder. */
  readonly path: string;
  readonly did: Deed["do"];
  /** A rule of docs/spec/reconcile.md, such as `RC20`. */
  readonly rule: string;
}

/** So many decisions are kept in all, the last ones. */
export const maxDecisions = 20_000;
/** So many of one path are told. */
export const maxToldDecisions = 10;

/** Remembers why things happened, for the person who asks. A crash may take the last half second of it along. */
export class DecisionLog {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #insert: StatementSync;
  readonly #prune: StatementSync;
  readonly #batches: { readonly number: number; readonly count: number }[];
  #fresh: Decision[] = [];

  constructor(state: StateStore, clock: Clock) {
    const { database } = state;
    this.#state = state;
    this.#clock = clock;
    database.exec(
      "CREATE TABLE IF NOT EXISTS decision (number INTEGER PRIMARY KEY AUTOINCREMENT, count INTEGER NOT NULL, decisions TEXT NOT NULL)",
    );
    this.#insert = database.prepare("INSERT INTO decision (count, decisions) VALUES (?, ?)");
    this.#prune = database.prepare("DELETE FROM decision WHERE number <= ?");
    this.#batches = database
      .prepare("SELECT number, count FROM decision ORDER BY number")
      .all()
      .map((row) => ({ number: row.number as number, count: row.count as number }));
  }

  /** To be called before the operation is done, while the trees still show what led to it. */
  note(deed: Deed): void {
    const { id } = deed;
    const state = this.#state;
    const [local, remote, synced] = [state.local.find(id), state.remote.find(id), state.synced.find(id)];
    const here = sideChange(synced, local, local?.content === "unknown");
    const there = sideChange(synced, remote);
    const path = state.localPath(id) ?? remotePath(state, id) ?? "";
    if (this.#fresh.length >= maxDecisions) this.#fresh.shift();
    const rule = ruleOf(deed, { here, there });
    this.#fresh.push({ atMs: this.#clock.nowMs(), id, path, did: deed.do, here, there, rule });
  }

  /** Writes what is new, with the books that tell of it: many in one row, since they are seldom read. */
  write(): void {
    if (this.#fresh.length === 0) return;
    const fresh = this.#fresh;
    this.#fresh = [];
    this.#state.transaction(() => {
      const number = Number(this.#insert.run(fresh.length, JSON.stringify(fresh)).lastInsertRowid);
      this.#batches.push({ number, count: fresh.length });
      let total = this.#batches.reduce((sum, { count }) => sum + count, 0);
      let last: number | undefined;
      while (total > maxDecisions && this.#batches.length > 1) {
        const oldest = this.#batches.shift();
        last = oldest?.number;
        total -= oldest?.count ?? 0;
      }
      if (last !== undefined) this.#prune.run(last);
    });
  }

  /** The last decisions about what is, or was, at a path, or about a folder that it went along with; newest first. */
  find(path: string, id: EntryId | undefined): Decision[] {
    const rows = this.#state.database.prepare("SELECT decisions FROM decision ORDER BY number DESC").iterate();
    const isAbout = (each: Decision): boolean =>
      each.path === path || each.id === id || (tookAlong.has(each.did) && path.startsWith(`${each.path}/`));
    const found = this.#fresh.toReversed().filter(isAbout);
    for (const row of rows) {
      if (found.length >= maxToldDecisions) break;
      const batch = JSON.parse(row.decisions as string) as Decision[];
      found.push(...batch.toReversed().filter(isAbout));
    }
    return found.slice(0, maxToldDecisions);
  }
}

/** What is done to a folder with all that is in it. */
const tookAlong: ReadonlySet<Decision["did"]> = new Set([
  "delete_local",
  "delete_remote",
  "withdraw",
  "move_local",
  "move_remote",
]);
