import {
  ProblemError,
  type AccountId,
  type DeviceId,
  type EntryId,
  type WorkspaceId,
  rootEntryId,
  workspaceOfEntry,
} from "@satchel/protocol";
import type { Author } from "../../storage/metadata/tree-store.ts";

/** Who makes a request: an account, on one of its devices. */
export interface Principal {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly userName: string;
  readonly email: string;
  readonly rootWorkspaceId: WorkspaceId;
}

/** Whoever makes a change, as its record tells it. */
export function authorOf({ accountId, deviceId }: Principal): Author {
  return { accountId, deviceId };
}

/**
 * The one place that decides whether an account may work in a workspace. What it may not see is answered as what does not exist.
 * @throws not_found
 */
export function requireWorkspace(principal: Principal, workspaceId: WorkspaceId): WorkspaceId {
  if (workspaceId !== principal.rootWorkspaceId) throw new ProblemError("not_found", "there is no such workspace");
  return workspaceId;
}

/** The id that a reference means, `root` being the account's own. @throws not_found as {@link requireWorkspace} */
export function requireEntry(principal: Principal, reference: EntryId | "root"): EntryId {
  if (reference === "root") return rootEntryId(principal.rootWorkspaceId);
  if (workspaceOfEntry(reference) !== principal.rootWorkspaceId)
    throw new ProblemError("not_found", "there is no such file or folder");
  return reference;
}
