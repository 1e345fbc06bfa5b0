import type { WorkspaceRole } from "../../storage/metadata/access-store.ts";

/**
 * What a route needs its caller to be allowed, which each route states. A right in a workspace says which role has it there; the
 * others are about the caller's own account, and about the server, which is for administrators.
 */
export const rights = {
  "files.read": { in: "workspace", role: "viewer" },
  "files.write": { in: "workspace", role: "editor" },
  "workspace.manage": { in: "workspace", role: "owner" },
  "account.read": { in: "account" },
  "account.manage": { in: "account" },
  /** For a command line that was let in by a browser, to become a device; nothing else asks for it. */
  "device.sign_in": { in: "account" },
  "server.manage": { in: "server" },
} as const satisfies Record<string, RightScope>;

export type Right = keyof typeof rights;

export type RightScope =
  | { readonly in: "workspace"; readonly role: WorkspaceRole }
  | { readonly in: "account" | "server" };

/** Each role may what the ones before it may. */
const rankOf: Readonly<Record<WorkspaceRole, number>> = { viewer: 1, editor: 2, owner: 3 };

/** May this role use the right? Never, where the right is not about workspaces. */
export function roleAllows(role: WorkspaceRole, right: Right): boolean {
  const scope: RightScope = rights[right];
  return scope.in === "workspace" && rankOf[role] >= rankOf[scope.role];
}
