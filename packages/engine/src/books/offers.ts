import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { EntryId } from "@satchel/protocol";
import { agree, type AgreedAspect } from "./agree.ts";
import type { RemoteRecord, StateStore } from "../state/state-store.ts";

/** More unanswered changes than these are not kept in mind: the oldest go. What is forgotten may cost a conflicted copy, no more. */
const maxOffers = 10_000;

/** A change that was sent to the server: the entry as it is there if the server took it. */
export interface Offer {
  readonly record: RemoteRecord;
  readonly aspect: AgreedAspect;
}

/**
 * What was sent and not answered yet. An answer may be lost after the commit, and the entry be changed here again before anybody hears of it: without this
 * the device's own content would come back as somebody else's.
 */
export class Offers {
  readonly #put: StatementSync;
  readonly #of: StatementSync;
  readonly #drop: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync) {
    database.exec(
      "CREATE TABLE IF NOT EXISTS offer (number INTEGER PRIMARY KEY, id TEXT NOT NULL, aspect TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (id, aspect))",
    );
    this.#put = database.prepare("INSERT OR REPLACE INTO offer (id, aspect, record) VALUES (?, ?, ?)");
    this.#of = database.prepare("SELECT aspect, record FROM offer WHERE id = ? ORDER BY number");
    this.#drop = database.prepare("DELETE FROM offer WHERE id = ?");
    this.#prune = database.prepare("DELETE FROM offer WHERE number <= (SELECT max(number) FROM offer) - ?");
  }

  add(offers: readonly Offer[]): void {
    for (const { record, aspect } of offers) this.#put.run(record.id, aspect, JSON.stringify(record));
    this.#prune.run(maxOffers);
  }

  /** The server answered, so that nothing about the entry is unknown any more. */
  drop(id: EntryId): void {
    this.#drop.run(id);
  }

  of(id: EntryId): Offer[] {
    return this.#of.all(id).map((row) => ({
      aspect: row.aspect as AgreedAspect,
      record: JSON.parse(row.record as string) as RemoteRecord,
    }));
  }
}

/** The feed tells what was offered: the server took it, and it is the common base of all that was done to the entry since. [EN11] */
export function recognise(state: StateStore, offers: Offers, told: RemoteRecord): void {
  const found = offers.of(told.id);
  for (const { record, aspect } of found) {
    const agreed = { ...record, versionId: told.versionId };
    if (aspect === "place") {
      if (state.synced.find(told.id) && record.parentId === told.parentId && record.name === told.name)
        agree(state, told.id, agreed, aspect);
    } else if (record.type === told.type && record.contentHash === told.contentHash) {
      agree(state, told.id, agreed, aspect);
    }
  }
  if (found.length > 0) offers.drop(told.id);
}
