import { ProblemError, rootEntryId, type EntryId, type EntryState, type VersionId } from "@satchel/protocol";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";

/** Files and folders that one archive holds at most: what is known of each is in memory while it is sent. */
export const maxArchiveMembers = 50_000;

const entriesPerPage = 1000;

/** A file or folder in an archive. */
export type ArchiveMember = {
  /** `Photos/2026/a.jpg`, without a slash at either end. */
  readonly path: string;
  /** Null for folders. */
  readonly modified: string | null;
} & (
  | { readonly type: "folder" }
  | {
      readonly type: "file";
      readonly id: EntryId;
      readonly versionId: VersionId;
      readonly sizeBytes: number;
      readonly executable: boolean;
    }
);

interface ListParts {
  readonly authorisation: Authorisation;
  readonly tree: TreeStore;
}

/**
 * What an archive of these entries holds: folders before what is in them, each file in the version that it has now. Links are left out, since what they point to
 * is elsewhere. Every folder is asked for with the caller's right.
 * @throws not_found, forbidden, limit_exceeded beyond {@link maxArchiveMembers}
 */
export async function listArchive(
  parts: ListParts,
  caller: Caller,
  entryIds: readonly EntryId[],
): Promise<ArchiveMember[]> {
  const listing = new Listing(true);
  const taken = new Set<string>();
  for (const reference of new Set(entryIds)) {
    const found = await parts.tree.findEntry(await parts.authorisation.requireEntry(caller, reference));
    if (!found) throw new ProblemError("not_found", "there is no such file or folder");
    const path = freePath(nameInArchive(found.entry.name), taken);
    taken.add(path);
    listing.add(found.entry, path);
  }
  await listing.descend(parts, caller);
  return listing.members;
}

/** The same of one folder, under a name of the caller's choice, without the shared folders in it. @throws as {@link listArchive} */
export async function listFolderArchive(
  parts: ListParts,
  caller: Caller,
  { folderId, name }: { readonly folderId: EntryId; readonly name: string },
): Promise<ArchiveMember[]> {
  const listing = new Listing(false);
  const path = nameInArchive(name);
  listing.members.push({ type: "folder", path, modified: null });
  listing.folders.push({ id: folderId, path });
  await listing.descend(parts, caller);
  return listing.members;
}

/** Gathers members, and the folders that are still to be looked into. */
class Listing {
  readonly members: ArchiveMember[] = [];
  readonly folders: { readonly id: EntryId; readonly path: string }[] = [];
  readonly #withShared: boolean;

  constructor(withShared: boolean) {
    this.#withShared = withShared;
  }

  /** @throws limit_exceeded */
  add(entry: EntryState, path: string): void {
    const member = memberOf(entry, path);
    if (!member || (entry.mounts !== undefined && !this.#withShared)) return;
    if (this.members.length >= maxArchiveMembers)
      throw new ProblemError("limit_exceeded", `an archive holds at most ${maxArchiveMembers} files and folders`);
    this.members.push(member);
    // What is in a shared folder is its own workspace's.
    const id = entry.mounts === undefined ? entry.id : rootEntryId(entry.mounts);
    if (member.type === "folder") this.folders.push({ id, path });
  }

  async descend(parts: ListParts, caller: Caller): Promise<void> {
    // Grows while it is gone through.
    for (const folder of this.folders) {
      for await (const entry of entriesOf(parts, caller, folder.id))
        this.add(entry, `${folder.path}/${nameInArchive(entry.name)}`);
    }
  }
}

async function* entriesOf({ authorisation, tree }: ListParts, caller: Caller, id: EntryId): AsyncGenerator<EntryState> {
  const folderId = await authorisation.requireEntry(caller, id);
  let after: string | undefined;
  do {
    const page = await tree.listFolder({ folderId, after, limit: entriesPerPage });
    yield* page.entries;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

function memberOf(entry: EntryState, path: string): ArchiveMember | undefined {
  const { id, type, modified, size: sizeBytes, executable, version_id: versionId } = entry;
  if (type === "folder") return { type, path, modified: null };
  if (type === "link" || versionId === null) return undefined;
  return { type, path, modified, id, versionId, sizeBytes, executable };
}

/** A backslash, which is a letter in our names, would part folders where archives are opened on Windows; so would a drive's colon. The root has no name. */
function nameInArchive(name: string): string {
  return name === "" ? "Files" : name.replaceAll("\\", "_").replace(/^([A-Za-z]):/, "$1_");
}

/** Entries from different folders may have one name. */
function freePath(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const dot = name.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let number = 2; ; number += 1) {
    const path = `${stem} (${number})${extension}`;
    if (!taken.has(path)) return path;
  }
}
