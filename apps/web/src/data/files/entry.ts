import { rootEntryId, type EntryId, type EntryState, type ListedEntry } from "@satchel/protocol";

/** An entry as the app shows it: what a folder's listing tells of it. */
export type Entry = ListedEntry;

/** What the change feed tells of an entry, as its folder's listing would tell it. */
export function entryOfState(state: EntryState): Entry {
  return {
    id: state.id,
    name: state.name,
    type: state.type,
    latest_version: state.version_id,
    size: state.size,
    modified: state.modified,
    version_hash: state.version_hash,
    executable: state.executable,
    link_target: state.link_target,
    conflict_of: state.conflict_of,
    ...(state.mounts !== undefined && { mounts: state.mounts }),
  };
}

/** The folder that holds what is in this one: of a shared folder, the root of its workspace. */
export function contentsOf({ id, mounts }: Pick<Entry, "id" | "mounts">): EntryId {
  return mounts === undefined ? id : rootEntryId(mounts);
}

/** The extension in lower case, without its dot; empty where there is none. A leading dot makes a hidden file, not an extension. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
}

/** Entries by id: the form in which a listing takes changes without being read again. */
export type EntryMap = ReadonlyMap<EntryId, Entry>;
