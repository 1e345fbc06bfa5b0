import { ProblemError, rootEntryId, workspaceOfEntry, type EntryId, type WorkspaceId } from "@satchel/protocol";
import type { ShareStore, SharedFolder } from "../../storage/metadata/share-store.ts";
import type { TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";

/** A workspace in which is searched, as the caller has it at this moment. */
export interface ScopedWorkspace {
  readonly workspaceId: WorkspaceId;
  /** Where it is in the caller's root folder; empty for that itself, and for what isn't mounted. */
  readonly path: string;
  readonly isShared: boolean;
  /** Only what lies in this folder of it, at any depth. */
  readonly within: EntryId;
}

/** What narrows a search to some of the workspaces. */
export interface ScopeFilters {
  readonly folder: EntryId | "root";
  readonly owner: string | undefined;
  readonly shared: boolean | undefined;
}

interface ScopeParts {
  readonly authorisation: Authorisation;
  readonly tree: TreeStore;
  readonly shares: ShareStore;
}

/** Where the caller may search at this moment: the root folder and what is mounted in it, or a folder and what is mounted below that. @throws not_found when the caller has no such folder */
export async function findScope(
  { authorisation, tree, shares }: ScopeParts,
  caller: Caller,
  filters: ScopeFilters,
): Promise<ScopedWorkspace[]> {
  const folder = await authorisation.requireEntry(caller, filters.folder);
  const [found] = await tree.findLiving([folder]);
  if (found?.entry.type !== "folder") throw new ProblemError("not_found", "there is no such folder");
  const workspaceId = workspaceOfEntry(folder);
  const isOwn = workspaceId === caller.rootWorkspaceId;
  const mounted = (await shares.list(caller.accountId)).filter(({ mountPath }) => mountPath !== null);
  const isWanted = (share: SharedFolder | undefined): boolean =>
    filters.shared !== (share === undefined) &&
    (filters.owner === undefined || isNamed(share?.ownerName ?? (isOwn ? caller.userName : ""), filters.owner));
  const share = mounted.find((each) => each.workspaceId === workspaceId);
  const scope: ScopedWorkspace[] = [];
  const asFolder = share ?? mounted.find(({ mountId }) => mountId === folder);
  if (asFolder && !share) {
    if (isWanted(asFolder)) scope.push(scoped(asFolder, rootEntryId(asFolder.workspaceId)));
    return scope;
  }
  if (isWanted(share)) {
    const path = share?.mountPath ?? "";
    scope.push({ workspaceId, path, isShared: !isOwn, within: folder });
  }
  if (!isOwn) return scope;
  const above = found.path === "/" ? "/" : `${found.path}/`;
  for (const each of mounted) {
    if (each.mountPath?.startsWith(above) && isWanted(each)) scope.push(scoped(each, rootEntryId(each.workspaceId)));
  }
  return scope;
}

function scoped({ workspaceId, mountPath }: SharedFolder, within: EntryId): ScopedWorkspace {
  return { workspaceId, path: mountPath ?? "", isShared: true, within };
}

/** Account names are compared without case. */
function isNamed(name: string, wanted: string): boolean {
  return name.toLowerCase() === wanted.toLowerCase();
}
