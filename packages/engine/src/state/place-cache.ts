import type { EntryId } from "@satchel/protocol";

type Names<Value> = Map<string, Value>;

/**
 * Who is at a name in a folder, of bounded size: forgets what was not asked for lately, as a {@link RecentMap} does. Folder by folder, since a key that is put together of both would be a new string to copy and to
 * hash for every question, eight of them for each file that comes or goes.
 */
export class PlaceCache<Value extends NonNullable<unknown> | null> {
  readonly #maxYoung: number;
  #young = new Map<EntryId, Names<Value>>();
  #old = new Map<EntryId, Names<Value>>();
  #youngCount = 0;

  /** @param maxEntries the most that are kept; between half of them and all are */
  constructor(maxEntries: number) {
    this.#maxYoung = Math.ceil(maxEntries / 2);
  }

  get(folderId: EntryId, name: string): Value | undefined {
    const young = this.#young.get(folderId)?.get(name);
    if (young !== undefined) return young;
    const names = this.#old.get(folderId);
    const old = names?.get(name);
    if (old === undefined) return undefined;
    names?.delete(name);
    this.set(folderId, name, old);
    return old;
  }

  set(folderId: EntryId, name: string, value: Value): void {
    let names = this.#young.get(folderId);
    if (this.#youngCount >= this.#maxYoung && names?.has(name) !== true) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngCount = 0;
      names = undefined;
    }
    if (names === undefined) this.#young.set(folderId, (names = new Map()));
    const before = names.size;
    names.set(name, value);
    this.#youngCount += names.size - before;
  }

  delete(folderId: EntryId, name: string): void {
    if (this.#young.get(folderId)?.delete(name) === true) this.#youngCount -= 1;
    this.#old.get(folderId)?.delete(name);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#youngCount = 0;
  }
}
