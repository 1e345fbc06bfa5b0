import type { DatabaseSync, StatementSync } from "node:sqlite";
import { parseTimestamp, type CommittedContent, type EntryId } from "@satchel/protocol";
import { agree, type AgreedAspect } from "./agree.ts";
import type { ManifestStore } from "../state/manifest-store.ts";
import type { RemoteRecord, StateStore } from "../state/state-store.ts";

/** More unanswered changes than about these are not kept in mind: the oldest go. What is forgotten may cost a conflicted copy, no more. */
const maxOffers = 10_000;

/** A change that was sent to the server: the entry as it is there if the server took it. */
export interface Offer {
  readonly record: RemoteRecord;
  readonly aspect: AgreedAspect;
  /** Of a merge: what this device had, which is the base from then on. */
  readonly merged?: CommittedContent;
}

/**
 * What was sent and not answered yet. An answer may be lost after the commit, and the entry be changed here again before anybody hears of it: without this
 * the device's own content would come back as somebody else's.
 */
export class Offers {
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #change: StatementSync;
  /** By entry, oldest first, with the number of the commit that they went with. */
  readonly #byEntry = new Map<EntryId, (Offer & { readonly commit: number })[]>();
  readonly #commits = new Map<number, readonly EntryId[]>();
  /** Entries that were told of and had none of what was offered: whether it was taken before that is not known. */
  readonly #doubted = new Set<EntryId>();
  #count = 0;
  /** Never counted twice, also when rows are undone: the answer to an earlier commit must not pass for that to a later one. */
  #lastCommit = 0;

  constructor(database: DatabaseSync) {
    database.exec(
      "CREATE TABLE IF NOT EXISTS offered (number INTEGER PRIMARY KEY AUTOINCREMENT, offers TEXT NOT NULL)",
    );
    this.#list = database.prepare("SELECT number, offers FROM offered ORDER BY number");
    this.#put = database.prepare("INSERT INTO offered (number, offers) VALUES (?, ?)");
    this.#remove = database.prepare("DELETE FROM offered WHERE number = ?");
    this.#change = database.prepare("UPDATE offered SET offers = ? WHERE number = ?");
    this.readAgain();
  }

  /**
   * For a start, and for when changes of the database were undone: what had been taken out of it is there again, and what became of it is to be found out. What was sent and not written down yet stays known for as long as the
   * program runs.
   */
  readAgain(): void {
    const rows = this.#list.all().map((row) => ({
      commit: row.number as number,
      offers: JSON.parse(row.offers as string) as Offer[],
    }));
    const written = new Set(rows.map(({ commit }) => commit));
    for (const commit of this.#commits.keys()) if (written.has(commit)) this.#forget(commit);
    for (const { commit, offers } of rows) this.#remember(commit, offers);
    for (const id of this.#byEntry.keys()) this.#doubted.add(id);
  }

  /** What one commit offers, written down in one row. Answers with the commit's number. */
  add(offers: readonly Offer[]): number {
    const commit = ++this.#lastCommit;
    this.#put.run(commit, JSON.stringify(offers));
    this.#remember(commit, offers);
    for (const oldest of this.#commits.keys()) {
      if (this.#count <= maxOffers || oldest === commit) break;
      this.remove(oldest);
    }
    return commit;
  }

  /** The commit was answered, so that nothing about it is unknown any more. */
  remove(commit: number): void {
    this.#remove.run(commit);
    this.#forget(commit);
  }

  /** It is as if this device had never had the entry: an answer that is still to come is no base for what becomes of it. [EN135] */
  disown(id: EntryId): void {
    this.#settle(id, () => true);
  }

  /** Whether an answer to this commit would still tell what both sides have had of the entry. */
  isOpen(id: EntryId, commit: number): boolean {
    return this.of(id).some((offer) => offer.commit === commit);
  }

  /** The entry's content here is now one that the server has told: whatever was offered before was taken up in it, or never will be. Should anybody bring it back later, it is theirs. [EN112] */
  forgetContent(id: EntryId): void {
    this.#settle(id, ({ aspect }) => aspect !== "place");
  }

  /**
   * The server did this commit, as it says itself or the feed tells. Earlier ones of the same aspect that were never answered are either known by now, or too late for the server, which has moved on: kept in mind, they would take what somebody
   * else brings back later for one's own. [EN19]
   */
  supersede(id: EntryId, aspect: AgreedAspect, upTo: number): void {
    const isPlace = aspect === "place";
    this.#settle(id, (offer) => offer.commit <= upTo && (offer.aspect === "place") === isPlace);
  }

  /** Oldest first. */
  of(id: EntryId): readonly (Offer & { readonly commit: number })[] {
    return this.#byEntry.get(id) ?? [];
  }

  /** The entry has another version than before, and it is none that was offered. [EN134] */
  doubt(id: EntryId): void {
    this.#doubted.add(id);
  }

  /** Whatever was doubted of the entry is known by now. */
  trust(id: EntryId): void {
    this.#doubted.delete(id);
  }

  /** What to ask the server about, the earliest first. */
  get doubted(): ReadonlySet<EntryId> {
    return this.#doubted;
  }

  #forget(commit: number): void {
    for (const id of this.#commits.get(commit) ?? []) this.#keepOnly(id, (offer) => offer.commit !== commit);
    this.#commits.delete(commit);
  }

  #remember(commit: number, offers: readonly Offer[]): void {
    this.#lastCommit = Math.max(this.#lastCommit, commit);
    this.#commits.set(
      commit,
      offers.map(({ record }) => record.id),
    );
    for (const offer of offers) {
      const known = this.#byEntry.get(offer.record.id);
      if (known) known.push({ ...offer, commit });
      else this.#byEntry.set(offer.record.id, [{ ...offer, commit }]);
    }
    this.#count += offers.length;
  }

  /** These are settled for good: the next start must not find them either. */
  #settle(id: EntryId, isSettled: (offer: Offer & { readonly commit: number }) => boolean): void {
    const commits = new Set(this.of(id).flatMap((offer) => (isSettled(offer) ? [offer.commit] : [])));
    this.#keepOnly(id, (offer) => !isSettled(offer));
    for (const commit of commits) {
      const left = (this.#commits.get(commit) ?? []).flatMap((each) =>
        this.of(each).filter((offer) => offer.commit === commit),
      );
      if (left.length === 0) this.remove(commit);
      else
        this.#change.run(
          JSON.stringify(left.map(({ record, aspect, merged }) => ({ record, aspect, ...(merged && { merged }) }))),
          commit,
        );
    }
  }

  #keepOnly(id: EntryId, isKept: (offer: Offer & { readonly commit: number }) => boolean): void {
    const before = this.#byEntry.get(id) ?? [];
    const kept = before.filter(isKept);
    this.#count -= before.length - kept.length;
    if (kept.length > 0) this.#byEntry.set(id, kept);
    else this.#byEntry.delete(id);
  }
}

/** The offers of a device's books, which go back with them when a step is undone. */
export function openOffers(state: StateStore): Offers {
  const offers = new Offers(state.database);
  state.onUndone(() => offers.readAgain());
  return offers;
}

/**
 * The feed tells what was offered: the server took it, and it is the common base of all that was done to the entry since. Of two offers of one content, it took the one that has the time, the mode and the place that are told. [EN11]
 */
export function recognise(
  {
    state,
    offers,
    manifests,
  }: { readonly state: StateStore; readonly offers: Offers; readonly manifests: ManifestStore },
  told: RemoteRecord,
): void {
  const open = offers.of(told.id);
  const offered = open.filter(({ aspect }) => aspect !== "place");
  const isTaken = likenesses.find((isLike) => offered.some((offer) => isLike(offer, told)));
  for (const offer of open) {
    const { record, aspect, commit, merged } = offer;
    const isTold = aspect === "place" ? hasPlaceOf(record, told) : isTaken?.(offer, told);
    if (!isTold) continue;
    if (aspect !== "place" || state.synced.find(told.id)) agreeOnOffer(state, offer, told.versionId);
    // Which version it became nobody tells, but its chunks can be asked for. [EN111]
    if (merged) manifests.keep(merged.version_hash, Buffer.from(merged.chunks, "base64"));
    offers.supersede(told.id, aspect, commit);
  }
  if (isTaken === undefined && offered.length > 0) offers.doubt(told.id);
}

/** The server took the offer, as this version: it is the common base of all that was done to the entry since. */
export function agreeOnOffer(
  state: StateStore,
  { record, aspect, merged }: Offer,
  versionId: RemoteRecord["versionId"],
): void {
  const base = merged ? { ...record, ...filledWith(merged), versionId: null } : { ...record, versionId };
  agree(state, record.id, base, aspect);
}

/** How an offer may be like what is told, the closest first. Of a time or a mode that was offered, the content tells nothing: the server had it before. */
const likenesses = [
  ({ record }: Offer, told: RemoteRecord) => isExactly(record, told) && hasPlaceOf(record, told),
  ({ record }: Offer, told: RemoteRecord) => isExactly(record, told),
  ({ record, aspect }: Offer, told: RemoteRecord) => aspect !== "attributes" && hasContentOf(record, told),
];

function hasPlaceOf(record: RemoteRecord, told: RemoteRecord): boolean {
  return record.parentId === told.parentId && record.name === told.name;
}

function hasContentOf(record: RemoteRecord, told: RemoteRecord): boolean {
  return record.type === told.type && record.contentHash === told.contentHash;
}

function isExactly(record: RemoteRecord, told: RemoteRecord): boolean {
  return hasContentOf(record, told) && record.executable === told.executable && record.modifiedMs === told.modifiedMs;
}

/** A record's own part of a content that was committed. */
export function filledWith(content: CommittedContent) {
  const { version_hash: contentHash, size: sizeBytes, executable } = content;
  return { contentHash, sizeBytes, executable, modifiedMs: parseTimestamp(content.modified) };
}
