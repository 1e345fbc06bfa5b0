import type { EntryId } from "@satchel/protocol";
import type { StateStore } from "../state/state-store.ts";

/** Lock files that are remembered; of more, the new ones are not. */
export const maxEditorLocks = 1000;
/** In a folder with more entries than this, nobody looks for a name of which only the end is known. */
const maxLookedThrough = 5000;

/** Files that programs put beside one that they have open: of what name, or of what name but for its first two letters. LibreOffice, Microsoft Office, Vim. */
const lockNames: readonly { readonly pattern: RegExp; readonly isCut: boolean }[] = [
  { pattern: /^\.~lock\.(?<name>.+)#$/, isCut: false },
  { pattern: /^~\$(?<name>.+)$/, isCut: true },
  { pattern: /^\.(?<name>.+)\.sw[a-p]$/, isCut: false },
];

/** Which files are open in an editor on this device, by the lock files that scans pass over. These are hints, and never synchronised. [PR5] */
export class EditorLocks {
  readonly #known = new Map<EntryId, Set<string>>();
  #count = 0;

  /** What a look found, or didn't find, at a name of a folder. */
  see(folderId: EntryId, name: string, isThere: boolean): void {
    // Asked of every name that a look comes by, and nearly none begins so.
    if (!(name.startsWith(".") || name.startsWith("~")) || !lockNames.some(({ pattern }) => pattern.test(name))) return;
    const there = this.#known.get(folderId) ?? new Set();
    if (there.delete(name)) this.#count -= 1;
    if (isThere && this.#count < maxEditorLocks) {
      there.add(name);
      this.#count += 1;
    }
    if (there.size > 0) this.#known.set(folderId, there);
    else this.#known.delete(folderId);
  }

  /** All that a folder has: what isn't among these is gone. */
  keepOnly(folderId: EntryId, names: () => ReadonlySet<string>): void {
    const there = this.#known.get(folderId);
    if (!there) return;
    const seen = names();
    for (const name of there) if (!seen.has(name)) this.see(folderId, name, false);
  }

  /** The files that are open, as far as the local tree has them. */
  openFiles({ local }: Pick<StateStore, "local">): EntryId[] {
    const found = [...this.#known].flatMap(([folderId, names]) =>
      [...names].flatMap((name) => findLocked(local, folderId, name) ?? []),
    );
    return [...new Set(found)];
  }
}

function findLocked(local: StateStore["local"], folderId: EntryId, lockName: string): EntryId | undefined {
  for (const { pattern, isCut } of lockNames) {
    const name = pattern.exec(lockName)?.groups?.["name"];
    if (name === undefined) continue;
    const found = local.findChild(folderId, name)?.id;
    if (found !== undefined || !isCut || local.hasMoreIn(folderId, maxLookedThrough)) return found;
    for (const child of local.childNames(folderId)) if (child.name.slice(2) === name) return child.id;
  }
  return undefined;
}
