import { workspaceOfEntry, type ConflictedCopy, type WorkspaceId } from "@satchel/protocol";
import type { ShareStore } from "../../storage/metadata/share-store.ts";
import type { Conflict, TreeStore } from "../../storage/metadata/tree-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";

/** Where a workspace is in the caller's folder, and what the caller may do there. */
interface Place {
  /** Empty for the root folder itself. */
  readonly path: string;
  readonly mayWrite: boolean;
}

/** All that wait for the caller at this moment: what isn't mounted has no path that would say where it is. [AP65] */
export async function listConflicts(
  { tree, shares }: { readonly tree: TreeStore; readonly shares: ShareStore },
  caller: Caller,
  bounds: { readonly after: string | undefined; readonly limit: number },
): Promise<{ conflicts: ConflictedCopy[]; cursor: string | null }> {
  const places = new Map<WorkspaceId, Place>([[caller.rootWorkspaceId, { path: "", mayWrite: true }]]);
  for (const { workspaceId, mountPath, role } of await shares.list(caller.accountId))
    if (mountPath !== null) places.set(workspaceId, { path: mountPath, mayWrite: role !== "viewer" });
  const { conflicts, next } = await tree.listConflicts({ workspaceIds: [...places.keys()], ...bounds });
  return { conflicts: conflicts.flatMap((conflict) => describe(conflict, places)), cursor: next };
}

function describe(conflict: Conflict, places: ReadonlyMap<WorkspaceId, Place>): ConflictedCopy[] {
  const { copy, path, originalId, original, mine, theirs, base } = conflict;
  const place = places.get(workspaceOfEntry(copy.id));
  if (!place) return [];
  return [
    {
      file_id: copy.id,
      path: place.path + path,
      type: copy.type,
      original_id: originalId,
      original_path: original ? place.path + original.path : null,
      original_type: original?.entry.type ?? null,
      size: copy.size,
      modified: copy.modified,
      mine: mine ?? null,
      theirs: theirs ?? null,
      base: base ?? null,
      may_resolve: place.mayWrite,
    },
  ];
}
