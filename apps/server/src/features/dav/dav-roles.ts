import type { WorkspaceId } from "@satchel/protocol";
import type { WorkspaceRole } from "../../storage/metadata/access-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import { roleAllows } from "../authorisation/right.ts";
import type { DavParts } from "./dav-parts.ts";

/** The role of somebody in a workspace, or that it is their own root folder. */
export type DavRole = WorkspaceRole | "own";

export function mayWrite(role: DavRole): boolean {
  return role === "own" || roleAllows(role, "files.write");
}

/** The caller's role in a workspace, to be told; asked for once. Of one that the caller has just left, the smallest. */
export function openRoles({ metadata }: DavParts, caller: Caller) {
  const known = new Map<WorkspaceId, Promise<DavRole>>();
  return async (workspaceId: WorkspaceId): Promise<DavRole> => {
    if (workspaceId === caller.rootWorkspaceId) return "own";
    const role =
      known.get(workspaceId) ?? metadata.access.findRole(workspaceId, caller.accountId).then((is) => is ?? "viewer");
    known.set(workspaceId, role);
    return role;
  };
}
