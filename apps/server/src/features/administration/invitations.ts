import { formatTimestamp, ProblemError, type AccountId, type AccountInvitation } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { SignInStore } from "../../storage/metadata/sign-in-store.ts";
import type { Audit } from "../audit/audit.ts";
import type { LinkOptions, SignUp } from "../identity/self-service/sign-up.ts";

/** The most that are listed; whoever has more of them open takes some back. */
const maxListed = 500;

interface InvitationsParts {
  readonly store: SignInStore;
  readonly signUp: Pick<SignUp, "invite">;
  readonly audit: Audit;
  readonly host: Host;
}

/** Links that make an account, as administrators hand them out. */
export function createInvitations({ store, signUp, audit, host }: InvitationsParts) {
  return {
    /** Answers the link. @throws bad_request */
    async make(actor: AccountId, email: string | undefined, options: LinkOptions): Promise<string> {
      const link = await signUp.invite(email, options);
      await audit.record({ action: "invitation_made", accountId: actor, detail: { email: email ?? null } });
      return link;
    },
    /** Those that nobody has used yet, the first to expire first. */
    async list(): Promise<AccountInvitation[]> {
      const secrets = await store.listSecrets({ purpose: "invitation", nowMs: host.nowMs(), limit: maxListed });
      return secrets.map(({ secretHash, payload, expiresAtMs }) => ({
        invitation_id: secretHash,
        email: (JSON.parse(payload) as { email?: string }).email ?? null,
        expires: formatTimestamp(expiresAtMs),
      }));
    },
    /** Its link is no good any more. @throws not_found */
    async takeBack(actor: AccountId, id: string): Promise<void> {
      const taken = await store.takeSecret({ secretHash: id, purpose: "invitation", nowMs: host.nowMs() });
      if (!taken) throw new ProblemError("not_found", "there is no such invitation");
      await audit.record({ action: "invitation_taken_back", accountId: actor });
    },
  };
}
