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

/** A folder with lock files in it. */
interface LockedFolder {
  readonly names: Set<string>;
  /** What they mean; undefined until somebody asks after a look. */
  files: readonly EntryId[] | undefined;
}

/** Which files are open in an editor on this device, by the lock files that scans pass over. These are hints. [PR5] */
export class EditorLocks {
  readonly #known = new Map<EntryId, LockedFolder>();
  #count = 0;

  /** What a look found, or didn't find, at a name of a folder. */
  see(folderId: EntryId, name: string, isThere: boolean): void {
    // Asked of every name that a look comes by, and nearly none begins so.
    if (!(name.startsWith(".") || name.startsWith("~")) || !lockNames.some(({ pattern }) => pattern.test(name))) return;
    const folder = this.#known.get(folderId) ?? { names: new Set(), files: undefined };
    if (folder.names.has(name) === isThere || (isThere && this.#count >= maxEditorLocks)) return;
    if (isThere) folder.names.add(name);
    else folder.names.delete(name);
    this.#count += isThere ? 1 : -1;
    if (folder.names.size > 0) this.#known.set(folderId, folder);
    else this.#known.delete(folderId);
  }

  /** All that a folder has: what isn't among these is gone. */
  keepOnly(folderId: EntryId, names: () => ReadonlySet<string>): void {
    const there = this.#known.get(folderId);
    if (!there) return;
    const seen = names();
    for (const name of there.names) if (!seen.has(name)) this.see(folderId, name, false);
  }

  /** The local tree has what a look at the folder found: its lock files may mean others now. */
  looked(folderId: EntryId): void {
    const folder = this.#known.get(folderId);
    if (folder) folder.files = undefined;
  }

  /** The files that are open, as far as the local tree has them. Asked every few seconds: while nobody changes a folder, it isn't gone through again. */
  openFiles({ local }: Pick<StateStore, "local">): EntryId[] {
    const found = new Set<EntryId>();
    for (const [folderId, folder] of this.#known) {
      if (!local.find(folderId)) {
        this.#known.delete(folderId);
        this.#count -= folder.names.size;
        continue;
      }
      folder.files ??= findLocked(local, folderId, folder.names);
      for (const id of folder.files) found.add(id);
    }
    return [...found];
  }
}

function findLocked(local: StateStore["local"], folderId: EntryId, locks: ReadonlySet<string>): EntryId[] {
  const found: EntryId[] = [];
  const ends = new Set<string>();
  for (const lock of locks) {
    // One that is synchronised, because somebody put it on the server or an ignore rule takes it in, may be of any device.
    if (local.findChild(folderId, lock)) continue;
    for (const { pattern, isCut } of lockNames) {
      const name = pattern.exec(lock)?.groups?.["name"];
      if (name === undefined) continue;
      const id = local.findChild(folderId, name)?.id;
      if (id !== undefined) found.push(id);
      else if (isCut) ends.add(name);
    }
  }
  if (ends.size === 0 || local.hasMoreIn(folderId, maxLookedThrough)) return found;
  for (const { id, name } of local.childNames(folderId)) if (ends.delete(name.slice(2))) found.push(id);
  return found;
}
