import type { AccountId } from "@satchel/protocol";
import type { Host } from "../../../host.ts";
import type { SignInStore } from "../../../storage/metadata/sign-in-store.ts";
import { secretHash } from "../secret-hash.ts";

/** How long a person may take to touch the authenticator. */
const challengeMs = 5 * 60_000;
const challengeBytes = 32;

type Use = "register" | "sign_in";

export type Challenges = ReturnType<typeof createChallenges>;

/** What an authenticator signs. Each is good once, for what and whom it was made. */
export function createChallenges(parts: {
  readonly secrets: Pick<SignInStore, "putSecret" | "takeSecret">;
  readonly host: Host;
}) {
  const { secrets, host } = parts;
  return {
    async make(accountId: AccountId | null, use: Use): Promise<Uint8Array<ArrayBuffer>> {
      const challenge = new Uint8Array(host.randomBytes(challengeBytes));
      const expiresAtMs = host.nowMs() + challengeMs;
      const secret = { purpose: "passkey_challenge", accountId, payload: use, expiresAtMs } as const;
      await secrets.putSecret(secretHash(Buffer.from(challenge).toString("base64url")), secret);
      return challenge;
    },
    /** Answers whether it is one of these, and uses it up. */
    take(accountId: AccountId | null, use: Use) {
      return async (challenge: string): Promise<boolean> => {
        const query = { secretHash: secretHash(challenge), purpose: "passkey_challenge", nowMs: host.nowMs() } as const;
        const taken = await secrets.takeSecret(query);
        return taken?.payload === use && taken.accountId === accountId;
      };
    },
  };
}
