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
  readonly #remove: StatementSync;
  readonly #drop: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync) {
    database.exec(
      "CREATE TABLE IF NOT EXISTS offer (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, aspect TEXT NOT NULL, record TEXT NOT NULL); CREATE INDEX IF NOT EXISTS offer_id ON offer (id)",
    );
    this.#put = database.prepare("INSERT INTO offer (id, aspect, record) VALUES (?, ?, ?)");
    this.#of = database.prepare("SELECT number, aspect, record FROM offer WHERE id = ? ORDER BY number");
    this.#remove = database.prepare("DELETE FROM offer WHERE number = ?");
    this.#drop = database.prepare("DELETE FROM offer WHERE id = ? AND number <= ?");
    this.#prune = database.prepare("DELETE FROM offer WHERE number <= ?");
  }

  /** Answers with the number of each. */
  add(offers: readonly Offer[]): number[] {
    const numbers = offers.map(({ record, aspect }) =>
      Number(this.#put.run(record.id, aspect, JSON.stringify(record)).lastInsertRowid),
    );
    this.#prune.run((numbers.at(-1) ?? 0) - maxOffers);
    return numbers;
  }

  /** These were answered, so that nothing about them is unknown any more. */
  remove(numbers: readonly number[]): void {
    for (const number of numbers) this.#remove.run(number);
  }

  /** The entry's offers up to this one are settled. */
  drop(id: EntryId, upTo: number): void {
    this.#drop.run(id, upTo);
  }

  /** Oldest first. */
  of(id: EntryId): (Offer & { readonly number: number })[] {
    return this.#of.all(id).map((row) => ({
      number: row.number as number,
      aspect: row.aspect as AgreedAspect,
      record: JSON.parse(row.record as string) as RemoteRecord,
    }));
  }
}

/** The feed tells what was offered: the server took it, and it is the common base of all that was done to the entry since. [EN11] */
export function recognise(state: StateStore, offers: Offers, told: RemoteRecord): void {
  for (const { record, aspect, number } of offers.of(told.id)) {
    const isTold =
      aspect === "place"
        ? record.parentId === told.parentId && record.name === told.name
        : record.type === told.type && record.contentHash === told.contentHash;
    if (!isTold) continue;
    if (aspect !== "place" || state.synced.find(told.id))
      agree(state, told.id, { ...record, versionId: told.versionId }, aspect);
    offers.drop(told.id, number);
  }
}
