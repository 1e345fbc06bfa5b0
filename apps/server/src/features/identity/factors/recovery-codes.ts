import { createHmac } from "node:crypto";
import { encodeIdPart, idPartBytes, type AccountId } from "@satchel/protocol";
import type { Host } from "../../../host.ts";
import type { FactorStore } from "../../../storage/metadata/factor-store.ts";

/** How many codes an account has. */
export const recoveryCodeCount = 10;

export type RecoveryCodes = ReturnType<typeof createRecoveryCodes>;

/** Codes on paper, for whoever lost the phone. Each has 80 random bits and works once. */
export function createRecoveryCodes({ store, key, host }: { store: FactorStore; key: Uint8Array; host: Host }) {
  const hashOf = (accountId: AccountId, code: string): string =>
    createHmac("sha256", key).update(accountId).update(" ").update(code).digest("hex");
  return {
    /** New codes in place of the old, to be shown once. */
    async renew(accountId: AccountId): Promise<string[]> {
      const codes = Array.from({ length: recoveryCodeCount }, () => encodeIdPart(host.randomBytes(idPartBytes)));
      const hashes = codes.map((code) => hashOf(accountId, code));
      await store.setRecoveryCodes(accountId, hashes);
      return codes.map((code) => code.replaceAll(/(.{4})(?=.)/g, "$1-"));
    },
    /** Answers whether it was one, and uses it up. Written with or without dashes, in any case. */
    async use(accountId: AccountId, code: string): Promise<boolean> {
      const plain = code.toLowerCase().replaceAll(/[^a-z2-7]/g, "");
      return plain.length === 16 && (await store.takeRecoveryCode(accountId, hashOf(accountId, plain)));
    },
    count: (accountId: AccountId): Promise<number> => store.countRecoveryCodes(accountId),
    remove: (accountId: AccountId): Promise<void> => store.setRecoveryCodes(accountId, []),
  };
}
