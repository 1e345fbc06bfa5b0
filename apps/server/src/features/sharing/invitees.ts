import { ProblemError, userNameSchema, type AccountId } from "@satchel/protocol";
import type { IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { InviteeKey } from "../../storage/metadata/share-store.ts";

/** What invitations to this account may be called: by itself, and by its address once that is proved to be its own. */
export async function inviteeKeysOf(identity: IdentityStore, accountId: AccountId): Promise<InviteeKey[]> {
  const account = await identity.findAccount(accountId);
  const byEmail: InviteeKey[] = account?.emailConfirmed ? [`email:${account.email.toLowerCase()}`] : [];
  return [`account:${accountId}`, ...byEmail];
}

/**
 * Whom the words mean. A user name has to be somebody's: an invitation to a name that nobody has could be taken by whoever signs up under it. An address may be nobody's yet, and whether it is isn't told.
 */
export async function findInvitee(identity: IdentityStore, who: string): Promise<InviteeKey | undefined> {
  const account = userNameSchema.safeParse(who).success ? await identity.findAccountByName(who) : undefined;
  if (account) return `account:${account.id}`;
  return addressPattern.test(who) ? `email:${who.toLowerCase()}` : undefined;
}

/** @throws not_found */
export async function requireInvitee(identity: IdentityStore, who: string): Promise<InviteeKey> {
  const key = await findInvitee(identity, who);
  if (key === undefined)
    throw new ProblemError("not_found", "there is no such user; an e-mail address may be one that nobody has yet");
  return key;
}

const addressPattern = /^[^\s@]{1,64}@[^\s@]{1,189}$/;
