import type { AccountId, DeviceId, WorkspaceId } from "@satchel/protocol";
import type { Author } from "../../storage/metadata/tree-store.ts";

/** Who makes a request: an account, on one of its devices. */
export interface Principal {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly userName: string;
  readonly email: string;
  readonly rootWorkspaceId: WorkspaceId;
  /** May use what is for administrators of the server. */
  readonly isAdmin: boolean;
  /** The rights that a program was given; null for a device of the account's own, which has all. */
  readonly scopes: ReadonlySet<string> | null;
}

/** Whoever makes a change, as its record tells it. */
export function authorOf({ accountId, deviceId }: Principal): Author {
  return { accountId, deviceId };
}
