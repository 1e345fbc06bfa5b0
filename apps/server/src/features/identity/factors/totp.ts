import { generateSecret, generateURI, verify } from "otplib";
import type { AccountId } from "@satchel/protocol";
import type { Host } from "../../../host.ts";
import type { FactorStore } from "../../../storage/metadata/factor-store.ts";
import { openSealed, seal } from "./seal.ts";

/** RFC 6238, as all authenticator apps have it: six digits by SHA-1, a new code each 30 seconds. */
const periodSeconds = 30;
/** A clock may be wrong by this much. */
const toleranceSeconds = 30;
const secretBytes = 20;

export type Totp = ReturnType<typeof createTotp>;

/** One-time codes of an authenticator app. */
export function createTotp({ store, key, host }: { store: FactorStore; key: Uint8Array; host: Host }) {
  async function take(accountId: AccountId, code: string, confirmAtMs: number | null): Promise<boolean> {
    const factor = await store.findTotp(accountId);
    const isUsable = factor !== undefined && (factor.confirmedAtMs !== null || confirmAtMs !== null);
    if (!isUsable || !/^\d{6}$/.test(code)) return false;
    const secret = openSealed(key, accountId, factor.sealedSecret);
    const epoch = Math.floor(host.nowMs() / 1000);
    const result = await verify({
      secret,
      token: code,
      epoch,
      period: periodSeconds,
      epochTolerance: toleranceSeconds,
    });
    if (!result.valid || !("timeStep" in result)) return false;
    return await store.takeTotpStep({ accountId, step: result.timeStep, confirmAtMs });
  }

  return {
    /** A new secret, in base 32 and as the address that a QR code shows. It counts once {@link confirm} has taken a code. @throws account_exists */
    async begin(account: { id: AccountId; name: string }, issuer: string): Promise<{ secret: string; uri: string }> {
      const secret = generateSecret({ length: secretBytes });
      await store.beginTotp(account.id, seal(key, account.id, secret));
      return { secret, uri: generateURI({ issuer, label: account.name, secret }) };
    },
    /** What was begun, to show it again; undefined when there is nothing to confirm. */
    async begun(account: { id: AccountId; name: string }, issuer: string) {
      const factor = await store.findTotp(account.id);
      if (!factor || factor.confirmedAtMs !== null) return undefined;
      const secret = openSealed(key, account.id, factor.sealedSecret);
      return { secret, uri: generateURI({ issuer, label: account.name, secret }) };
    },
    /** Answers whether the code was right; from then on it is asked for. */
    confirm: (accountId: AccountId, code: string): Promise<boolean> => take(accountId, code, host.nowMs()),
    /** Answers whether the code was right, and uses it up. */
    verify: (accountId: AccountId, code: string): Promise<boolean> => take(accountId, code, null),
    async isOn(accountId: AccountId): Promise<boolean> {
      return ((await store.findTotp(accountId))?.confirmedAtMs ?? null) !== null;
    },
    remove: (accountId: AccountId): Promise<void> => store.removeTotp(accountId),
  };
}
