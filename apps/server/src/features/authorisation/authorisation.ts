import { ProblemError, rootEntryId, workspaceOfEntry, type EntryId, type WorkspaceId } from "@satchel/protocol";
import type { Bus } from "../../storage/bus/bus.ts";
import type { Cache } from "../../storage/cache/cache.ts";
import type { AccessStore, WorkspaceRole } from "../../storage/metadata/access-store.ts";
import type { Principal } from "../identity/principal.ts";
import { rights, roleAllows, type Right } from "./right.ts";

/** Whoever makes a request, with the right that its route stated. */
export interface Caller extends Principal {
  readonly right: Right;
}

/** The one place that decides who may do what. What a caller may not see is answered exactly as what does not exist. */
export interface Authorisation {
  /** May this caller use the route at all? Rights in a workspace are decided where the request names it. @throws forbidden; not_found for what only administrators have */
  requireRight(principal: Principal, right: Right): Caller;
  /** May the caller use its right in the workspace? @throws not_found to strangers, forbidden to members whose role is too small */
  requireWorkspace(caller: Caller, workspaceId: WorkspaceId): Promise<WorkspaceId>;
  /** The id that a reference means, `root` being the account's own. @throws as {@link requireWorkspace} */
  requireEntry(caller: Caller, reference: EntryId | "root"): Promise<EntryId>;
}

/** How long another process's change of a role may go unseen here; this server's own take effect at once. */
export const roleCacheMs = 2000;

interface AuthorisationParts {
  readonly store: AccessStore;
  readonly cache: Cache<WorkspaceRole | undefined>;
  readonly bus: Bus;
}

export function createAuthorisation({ store, cache, bus }: AuthorisationParts): Authorisation {
  bus.subscribe((message) => {
    if (message.kind === "rights_changed") cache.invalidate(roleKey(message));
  });

  /** Whoever owns a root folder is known without a look-up; the same question is asked about a foreign workspace and about none. */
  async function requireRole(caller: Caller, workspaceId: WorkspaceId, thing: string): Promise<void> {
    const { accountId } = caller;
    const role =
      workspaceId === caller.rootWorkspaceId
        ? "owner"
        : await cache.getOrFill(roleKey({ accountId, workspaceId }), () => store.findRole(workspaceId, accountId));
    if (role === undefined) throw new ProblemError("not_found", `there is no such ${thing}`);
    if (!roleAllows(role, caller.right))
      throw new ProblemError("forbidden", "your role in this folder doesn't allow this");
  }

  return {
    requireRight(principal, right) {
      if (rights[right].in === "server" && !principal.isAdmin)
        throw new ProblemError("not_found", "there is nothing at this address");
      if (principal.scopes !== null && !principal.scopes.has(right))
        throw new ProblemError("forbidden", `this login does not include ${right}`);
      return { ...principal, right };
    },
    async requireWorkspace(caller, workspaceId) {
      await requireRole(caller, workspaceId, "workspace");
      return workspaceId;
    },
    async requireEntry(caller, reference) {
      const id = reference === "root" ? rootEntryId(caller.rootWorkspaceId) : reference;
      await requireRole(caller, workspaceOfEntry(id), "file or folder");
      return id;
    },
  };
}

function roleKey({ accountId, workspaceId }: { accountId: string; workspaceId: string }): string {
  return `${accountId} ${workspaceId}`;
}
