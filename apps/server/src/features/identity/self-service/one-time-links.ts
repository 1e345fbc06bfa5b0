import type { AccountId } from "@satchel/protocol";
import type { Host } from "../../../host.ts";
import type { SecretPurpose, SignInStore } from "../../../storage/metadata/sign-in-store.ts";
import { secretHash } from "../secret-hash.ts";
import { randomSecret } from "../sign-in.ts";

export type OneTimeLinks = ReturnType<typeof createOneTimeLinks>;

/** Secrets that go out in links and are used up by their use. */
export function createOneTimeLinks({ store, host }: { store: SignInStore; host: Host }) {
  const query = (purpose: SecretPurpose, secret: string) => ({
    secretHash: secretHash(secret),
    purpose,
    nowMs: host.nowMs(),
  });
  return {
    /** A new secret, in place of the account's others for this purpose. */
    async make(
      purpose: SecretPurpose,
      { accountId, payload, ttlMs }: { accountId: AccountId | null; payload: unknown; ttlMs: number },
    ): Promise<string> {
      const secret = randomSecret(host);
      const expiresAtMs = host.nowMs() + ttlMs;
      const kept = { purpose, accountId, payload: JSON.stringify(payload), expiresAtMs };
      await store.replaceSecrets(secretHash(secret), kept);
      return secret;
    },
    /** Takes the steps of {@link make}, for nobody: what comes of it opens nothing. So the time tells a stranger nothing. */
    async pretend(purpose: SecretPurpose): Promise<void> {
      const secret = { purpose, accountId: null, payload: "{}", expiresAtMs: host.nowMs() };
      await store.replaceSecrets(secretHash(randomSecret(host)), secret);
    },
    /** What it would do; undefined when it is no good (any more). */
    async look<Payload>(purpose: SecretPurpose, secret: string) {
      const found = await store.findSecret(query(purpose, secret));
      return found && { accountId: found.accountId, payload: JSON.parse(found.payload) as Payload };
    },
    /** Uses it up. */
    async take<Payload>(purpose: SecretPurpose, secret: string) {
      const found = await store.takeSecret(query(purpose, secret));
      return found && { accountId: found.accountId, payload: JSON.parse(found.payload) as Payload };
    },
  };
}
