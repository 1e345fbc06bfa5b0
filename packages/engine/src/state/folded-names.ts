import type { EntryId } from "@satchel/protocol";

/** A folder of fewer entries is gone through faster than it is kept in step. */
const minEntries = 500;
/** So many names are kept at the most, some 150 bytes each. What would be more is gone through whenever it is asked about. */
const maxNames = 250_000;

/** What gives the names of a folder. */
interface FolderNames {
  hasMoreIn(folderId: EntryId, count: number): boolean;
  childNames(folderId: EntryId): Iterable<{ readonly name: string }>;
}

type NamesByKey = Map<string, string[]>;

/**
 * The names of large folders, by what a disk compares them by where it takes several for one. Kept in step with the tree, so that who asks batch after batch, while a folder of 100,000 files fills, has it gone through once.
 */
export class FoldedNames {
  readonly #folders = new Map<EntryId, NamesByKey>();
  #keyOf: ((name: string) => string) | undefined;
  #count = 0;

  /** Names in the folder that have one of these keys. `keyOf` is the same function in every call, or everything is gone through anew. */
  find(
    tree: FolderNames,
    wanted: {
      readonly folderId: EntryId;
      readonly keys: ReadonlySet<string>;
      readonly keyOf: (name: string) => string;
    },
  ): string[] {
    const { folderId, keys, keyOf } = wanted;
    if (keyOf !== this.#keyOf) this.forget();
    this.#keyOf = keyOf;
    const names = this.#folders.get(folderId) ?? this.#gather(tree, folderId, keyOf);
    if (names) return [...keys].flatMap((key) => names.get(key) ?? []);
    const found: string[] = [];
    for (const { name } of tree.childNames(folderId)) if (keys.has(keyOf(name))) found.push(name);
    return found;
  }

  /** Somebody is in the folder now by this name, maybe beside another. */
  came(folderId: EntryId, name: string): void {
    const names = this.#folders.get(folderId);
    if (!names || !this.#keyOf) return;
    add(names, this.#keyOf(name), name);
    this.#count += 1;
    if (this.#count > maxNames) this.forget();
  }

  /** One of those who were in the folder by this name is not any more. */
  left(folderId: EntryId, name: string): void {
    const names = this.#folders.get(folderId);
    if (!names || !this.#keyOf) return;
    const key = this.#keyOf(name);
    const alike = names.get(key) ?? [];
    const at = alike.indexOf(name);
    if (at < 0) return;
    alike.splice(at, 1);
    this.#count -= 1;
    if (alike.length === 0) names.delete(key);
  }

  /** The tree is not what it was told to be, or nothing is to be done for now. */
  forget(): void {
    this.#folders.clear();
    this.#count = 0;
  }

  /** Undefined for a folder that is too small, or too large. */
  #gather(tree: FolderNames, folderId: EntryId, keyOf: (name: string) => string): NamesByKey | undefined {
    if (!tree.hasMoreIn(folderId, minEntries) || tree.hasMoreIn(folderId, maxNames)) return undefined;
    const names: NamesByKey = new Map();
    let count = 0;
    for (const { name } of tree.childNames(folderId)) {
      add(names, keyOf(name), name);
      count += 1;
    }
    if (this.#count + count > maxNames) this.forget();
    this.#folders.set(folderId, names);
    this.#count += count;
    return names;
  }
}

function add(names: NamesByKey, key: string, name: string): void {
  const alike = names.get(key);
  if (alike) alike.push(name);
  else names.set(key, [name]);
}
