import { maxMembersPerPage, type AccountId, type WorkspaceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import type { LedgerStore } from "../../storage/metadata/ledger-store.ts";
import type { ShareStore } from "../../storage/metadata/share-store.ts";

interface EndingParts {
  readonly ledger: Pick<LedgerStore, "listOwned">;
  readonly shares: Pick<ShareStore, "find" | "members" | "invitationsOf" | "dropInvitation" | "removeMember">;
  readonly bus: Bus;
  readonly host: Host;
}

/**
 * Takes the folders that an account shares away from all others, as if it had removed each member: what is erased next must not stay mounted anywhere. A member's root folder tells the mount's end in the member's own name, since the
 * owner's is about to lead to nothing. May be stopped anywhere, and done again.
 */
export async function endShares(parts: EndingParts, owner: AccountId, signal: AbortSignal): Promise<void> {
  // Not by the list of shared folders, which ends where people stop looking.
  for (const workspaceId of await parts.ledger.listOwned(owner)) {
    if (!(await parts.shares.find(workspaceId, owner))) continue;
    // First, so that nobody comes in meanwhile.
    const invitations = await parts.shares.invitationsOf(workspaceId);
    await parts.shares.dropInvitation(
      workspaceId,
      invitations.map(({ inviteeKey }) => inviteeKey),
    );
    for (let isMore = true; isMore && !signal.aborted;) isMore = await removePage(parts, owner, workspaceId);
  }
}

/** Answers whether there were any left. */
async function removePage(
  { shares, bus, host }: EndingParts,
  owner: AccountId,
  workspaceId: WorkspaceId,
): Promise<boolean> {
  const { members } = await shares.members({ workspaceId, after: undefined, limit: maxMembersPerPage });
  const others = members.filter(({ accountId }) => accountId !== owner);
  for (const { accountId } of others) {
    const author = { accountId, deviceId: null };
    const { change } = await shares.removeMember({ workspaceId, accountId, author, nowMs: host.nowMs() });
    bus.publish({ kind: "rights_changed", workspaceId, accountId });
    if (change) bus.publish({ kind: "committed", origin: null, carried: [], isComplete: true, ...change });
  }
  return others.length > 0;
}
