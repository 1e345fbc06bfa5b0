import { ProblemError, type AccountId } from "@satchel/protocol";
import type { Audit } from "../../audit/audit.ts";
import type { AttemptLimiter } from "../attempts/attempt-limiter.ts";
import type { Passkeys } from "./passkeys.ts";
import type { RecoveryCodes } from "./recovery-codes.ts";
import type { Totp } from "./totp.ts";

/** What an account has besides its password. */
export interface FactorsOf {
  readonly totp: boolean;
  readonly passkeys: number;
  readonly recoveryCodes: number;
}

interface FactorsParts {
  readonly totp: Totp;
  readonly recoveryCodes: RecoveryCodes;
  readonly passkeys: Passkeys;
  readonly limiter: AttemptLimiter;
  readonly audit: Audit;
}

export type Factors = ReturnType<typeof createFactors>;

/** What an account has besides its password, and how that changes. */
export function createFactors(parts: FactorsParts) {
  const { totp, recoveryCodes, passkeys, audit } = parts;
  const secondStep = createSecondStep(parts);

  const changed = (accountId: AccountId, change: string): Promise<void> =>
    audit.record({ action: "factor_changed", accountId, detail: { change } });

  /** Recovery codes come with the first factor, and go with the last. */
  async function afterAdding(accountId: AccountId): Promise<string[] | undefined> {
    return (await recoveryCodes.count(accountId)) > 0 ? undefined : await recoveryCodes.renew(accountId);
  }

  async function afterRemoving(accountId: AccountId): Promise<void> {
    const { totp: isOn, passkeys: keys } = await secondStep.of(accountId);
    if (!isOn && keys === 0) await recoveryCodes.remove(accountId);
  }

  return {
    ...secondStep,
    /** Answers new recovery codes, if these are the first; undefined when the code was wrong. */
    async confirmTotp(
      accountId: AccountId,
      code: string,
    ): Promise<{ recoveryCodes: string[] | undefined } | undefined> {
      if (!(await totp.confirm(accountId, code.replaceAll(/\s/g, "")))) return undefined;
      await changed(accountId, "authenticator app added");
      return { recoveryCodes: await afterAdding(accountId) };
    },
    async removeTotp(accountId: AccountId): Promise<void> {
      await totp.remove(accountId);
      await afterRemoving(accountId);
      await changed(accountId, "authenticator app removed");
    },
    /** See Passkeys.register. Answers new recovery codes, if these are the first. */
    async addPasskey(accountId: AccountId, ...answer: TailOf<Passkeys["register"]>): Promise<string[] | undefined> {
      await passkeys.register(accountId, ...answer);
      await changed(accountId, "passkey added");
      return await afterAdding(accountId);
    },
    /** @throws not_found */
    async removePasskey(accountId: AccountId, credentialId: string): Promise<void> {
      await passkeys.remove(accountId, credentialId);
      await afterRemoving(accountId);
      await changed(accountId, "passkey removed");
    },
    async renewRecoveryCodes(accountId: AccountId): Promise<string[]> {
      const codes = await recoveryCodes.renew(accountId);
      await changed(accountId, "new recovery codes");
      return codes;
    },
    totp,
    passkeys,
  };
}

/** The second step after a password: asked for as soon as there is an authenticator app or a passkey. */
function createSecondStep({ totp, recoveryCodes, passkeys, limiter }: FactorsParts) {
  async function of(accountId: AccountId): Promise<FactorsOf> {
    const [isOn, keys, codes] = await Promise.all([
      totp.isOn(accountId),
      passkeys.list(accountId),
      recoveryCodes.count(accountId),
    ]);
    return { totp: isOn, passkeys: keys.length, recoveryCodes: codes };
  }

  async function isAskedFor(accountId: AccountId): Promise<boolean> {
    const { totp: isOn, passkeys: keys } = await of(accountId);
    return isOn || keys > 0;
  }

  /** A code of the app, or a recovery code, which it uses up. Only whoever has the password comes this far, so that no stranger can use up the attempts. @throws wrong_credentials, too_many_requests */
  async function verifyCode(accountId: AccountId, code: string): Promise<"otp" | "recovery"> {
    const attempt = { subject: `code ${accountId}`, network: "", isKnown: true };
    await limiter.begin(attempt);
    const plain = code.replaceAll(/\s/g, "");
    const method = (await totp.verify(accountId, plain))
      ? "otp"
      : (await recoveryCodes.use(accountId, plain))
        ? "recovery"
        : undefined;
    if (method === undefined) throw new ProblemError("wrong_credentials", "the code is wrong, or was used already");
    await limiter.succeeded(attempt, accountId);
    return method;
  }

  return {
    of,
    isAskedFor,
    /** After the password: nothing, for an account that asks for no second factor. @throws second_factor_required, and as {@link verifyCode} */
    async requireCode(accountId: AccountId, code: string | undefined): Promise<void> {
      if (!(await isAskedFor(accountId))) return;
      if (code === undefined) throw new ProblemError("second_factor_required");
      await verifyCode(accountId, code);
    },
    verifyCode,
  };
}

type TailOf<F extends (first: never, ...rest: never[]) => unknown> =
  Parameters<F> extends [unknown, ...infer Rest] ? Rest : never;
