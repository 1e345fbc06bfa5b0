import {
  maxEntriesPerPage,
  ProblemError,
  rootEntryId,
  workspaceOfEntry,
  type ActivityRecord,
  type ConflictedCopy,
  type EntryId,
  type EntryType,
  type Metadata,
  type TrashedEntry,
  type VersionState,
  type WorkspaceId,
} from "@satchel/protocol";
import type { HistoryStore } from "../../storage/metadata/history-store.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { FoundEntry, TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import { listConflicts } from "./list-conflicts.ts";
import { describeListed, describeMetadata } from "./entry-view.ts";

export interface Page {
  /** As the page before gave it. */
  readonly cursor: string | undefined;
  readonly limit: number | undefined;
}

export interface Browse {
  /** Of a folder, with a page of its entries. @throws not_found */
  metadata(caller: Caller, reference: EntryId | "root", page: Page): Promise<Metadata>;
  /** @throws not_found, also when it isn't a folder */
  folder(caller: Caller, reference: EntryId | "root", page: Page): Promise<Metadata>;
  /** Finds what stands at `/docs/a.txt`. @throws not_found, bad_request */
  resolve(caller: Caller, path: string): Promise<{ file_id: EntryId; type: EntryType; mounts?: WorkspaceId }>;
  versions(caller: Caller, id: EntryId, page: Page): Promise<{ versions: VersionState[]; cursor: string | null }>;
  /** Of a shared folder, or of the account's own. @throws not_found */
  trash(
    caller: Caller,
    page: Page & { readonly workspaceId: WorkspaceId | undefined },
  ): Promise<{ entries: TrashedEntry[]; cursor: string | null }>;
  /** In the account's folder, and in the shared ones that are mounted in it. */
  conflicts(caller: Caller, page: Page): Promise<{ conflicts: ConflictedCopy[]; cursor: string | null }>;
  /** What was done to a file, or in a folder at any depth, newest first. @throws not_found */
  activity(
    caller: Caller,
    reference: EntryId | "root",
    page: Page,
  ): Promise<{ records: ActivityRecord[]; cursor: string | null }>;
}

/** Reading the tree and what is kept of its past. */
export function createBrowse({
  metadata: { tree, history, shares },
  authorisation,
  retentionMs,
}: {
  readonly metadata: MetadataStore;
  readonly authorisation: Authorisation;
  readonly retentionMs: number;
}): Browse {
  async function find(caller: Caller, reference: EntryId | "root"): Promise<FoundEntry> {
    const found = await tree.findEntry(await authorisation.requireEntry(caller, reference));
    if (!found) throw notFound();
    return found;
  }

  /** What is in a folder that stands for a shared workspace is that workspace's, and takes the caller's right there. [SH11] */
  async function listContents(caller: Caller, folder: FoundEntry, page: Page): Promise<Metadata> {
    const { mounts } = folder.entry;
    if (mounts === undefined) return listFolder(tree, folder, { ...page, contents: folder.entry.id });
    await authorisation.requireWorkspace(caller, mounts);
    return listFolder(tree, folder, { ...page, contents: rootEntryId(mounts) });
  }

  /** The way down ends at a mount: the rest of it is in the shared workspace. */
  async function resolveInShare(caller: Caller, names: readonly string[]): Promise<EntryId | undefined> {
    const path = `/${names.join("/")}`;
    const mounted = await shares.list(caller.accountId);
    const share = mounted.find(({ mountPath }) => mountPath !== null && path.startsWith(`${mountPath}/`));
    if (!share?.mountPath) return undefined;
    await authorisation.requireWorkspace(caller, share.workspaceId);
    return tree.resolvePath(share.workspaceId, names.slice(share.mountPath.split("/").length - 1));
  }

  return {
    async metadata(caller, reference, page) {
      const found = await find(caller, reference);
      return found.entry.type === "folder" ? listContents(caller, found, page) : describeMetadata(found);
    },
    async folder(caller, reference, page) {
      const found = await find(caller, reference);
      if (found.entry.type !== "folder") throw notFound();
      return listContents(caller, found, page);
    },
    async resolve(caller, path) {
      const names = parsePath(path);
      const id =
        names.length === 0
          ? rootEntryId(caller.rootWorkspaceId)
          : ((await tree.resolvePath(caller.rootWorkspaceId, names)) ?? (await resolveInShare(caller, names)));
      const found = id && (await tree.findEntry(id));
      if (!found) throw notFound();
      const { mounts, ...entry } = found.entry;
      return { file_id: entry.id, type: entry.type, ...(mounts !== undefined && { mounts }) };
    },
    async versions(caller, id, page) {
      const known = await authorisation.requireEntry(caller, id);
      const { versions, next } = await history.listVersions({ id: known, ...boundsOf(page) });
      return { versions, cursor: next };
    },
    async trash(caller, page) {
      const workspaceId = await authorisation.requireWorkspace(caller, page.workspaceId ?? caller.rootWorkspaceId);
      const query = { workspaceId, retentionMs, ...boundsOf(page) };
      const { entries, next } = await history.listTrash(query);
      return { entries, cursor: next };
    },
    conflicts: (caller, page) => listConflicts({ tree, shares }, caller, boundsOf(page)),
    activity: (caller, reference, page) => listActivity({ authorisation, history }, caller, { reference, page }),
  };
}

async function listActivity(
  { authorisation, history }: { readonly authorisation: Authorisation; readonly history: HistoryStore },
  caller: Caller,
  { reference, page }: { readonly reference: EntryId | "root"; readonly page: Page },
) {
  const within = await authorisation.requireEntry(caller, reference);
  const workspaceId = workspaceOfEntry(within);
  const { records, next } = await history.listActivity({ workspaceId, within, ...boundsOf(page) });
  return { records, cursor: next };
}

async function listFolder(
  tree: TreeStore,
  folder: FoundEntry,
  page: Page & { readonly contents: EntryId },
): Promise<Metadata> {
  const { entries, next } = await tree.listFolder({ folderId: page.contents, ...boundsOf(page) });
  return { ...describeMetadata(folder), entries: entries.map(describeListed), cursor: next };
}

function boundsOf({ cursor, limit }: Page): { after: string | undefined; limit: number } {
  return { after: cursor, limit: Math.min(limit ?? maxEntriesPerPage, maxEntriesPerPage) };
}

/** The deepest path that is looked up; each name is a step in the database. */
const maxPathNames = 256;

function parsePath(path: string): string[] {
  if (!path.startsWith("/")) throw new ProblemError("bad_request", "a path starts at the root, such as /docs/a.txt");
  const names = path.split("/").filter((name) => name !== "");
  if (names.length > maxPathNames) throw new ProblemError("bad_request", `a path has at most ${maxPathNames} names`);
  return names;
}

function notFound(): ProblemError {
  return new ProblemError("not_found", "there is no such file or folder");
}
