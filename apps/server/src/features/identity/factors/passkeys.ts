import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { ProblemError, type AccountId } from "@satchel/protocol";
import type { Host } from "../../../host.ts";
import type { FactorStore, Passkey } from "../../../storage/metadata/factor-store.ts";
import type { SignInStore } from "../../../storage/metadata/sign-in-store.ts";
import { createChallenges, type Challenges } from "./challenges.ts";

/** Loaded when the first passkey is used: it brings three hundred modules, which most servers never need. */
const loadWebAuthn = () => import("@simplewebauthn/server");

/** The most passkeys of an account. */
export const maxPasskeys = 20;

interface PasskeysParts {
  readonly factors: FactorStore;
  readonly secrets: Pick<SignInStore, "putSecret" | "takeSecret">;
  readonly host: Host;
}

/** Where the page is, as the browser knows it: `https://satchel.example.org`. Passkeys belong to its host name. */
type Origin = string;

export type Passkeys = ReturnType<typeof createPasskeys>;

/** WebAuthn credentials. The authenticator always checks its owner (PIN, finger, face), so that one counts as two factors. */
export function createPasskeys(parts: PasskeysParts) {
  const { factors } = parts;
  const challenges = createChallenges(parts);
  return {
    ...registration(parts, challenges),
    ...signIn(parts, challenges),
    list: (accountId: AccountId): Promise<Passkey[]> => factors.listPasskeys(accountId),
    /** @throws not_found */
    remove: (accountId: AccountId, credentialId: string): Promise<void> =>
      factors.removePasskey(accountId, credentialId),
  };
}

function registration({ factors, host }: PasskeysParts, challenges: Challenges) {
  return {
    /** What `navigator.credentials.create` is given. */
    async beginRegistration(account: { id: AccountId; name: string }, origin: Origin) {
      const present = await factors.listPasskeys(account.id);
      if (present.length >= maxPasskeys)
        throw new ProblemError("forbidden", `an account has at most ${maxPasskeys} passkeys`);
      const { generateRegistrationOptions } = await loadWebAuthn();
      return await generateRegistrationOptions({
        rpName: "Satchel",
        rpID: hostOf(origin),
        userName: account.name,
        userDisplayName: account.name,
        userID: new Uint8Array(Buffer.from(account.id)),
        challenge: await challenges.make(account.id, "register"),
        excludeCredentials: present.map(described),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
      });
    },
    /** @throws bad_request when the browser's answer is not what was asked for; account_exists */
    async register(
      accountId: AccountId,
      answer: RegistrationResponseJSON,
      { origin, name }: { origin: Origin; name: string },
    ): Promise<void> {
      const { verifyRegistrationResponse } = await loadWebAuthn();
      const result = await orRefuse(() =>
        verifyRegistrationResponse({
          response: answer,
          expectedChallenge: challenges.take(accountId, "register"),
          expectedOrigin: origin,
          expectedRPID: hostOf(origin),
        }),
      );
      if (!result.verified) throw refusal();
      const { credential } = result.registrationInfo;
      await factors.addPasskey({
        credentialId: credential.id,
        accountId,
        name,
        publicKey: credential.publicKey,
        counter: credential.counter,
        transports: credential.transports ?? [],
        createdAtMs: host.nowMs(),
        lastUsedAtMs: null,
      });
    },
  };
}

function signIn({ factors, host }: PasskeysParts, challenges: Challenges) {
  return {
    /** What `navigator.credentials.get` is given: for one account's second step, or for whoever has a passkey here. */
    async beginSignIn(accountId: AccountId | null, origin: Origin) {
      const { generateAuthenticationOptions } = await loadWebAuthn();
      return await generateAuthenticationOptions({
        rpID: hostOf(origin),
        challenge: await challenges.make(accountId, "sign_in"),
        userVerification: "required",
        ...(accountId !== null && { allowCredentials: (await factors.listPasskeys(accountId)).map(described) }),
      });
    },
    /** Whose passkey answered the challenge that was made for `accountId`. @throws wrong_credentials */
    async verify(accountId: AccountId | null, answer: AuthenticationResponseJSON, origin: Origin): Promise<AccountId> {
      const passkey = await factors.findPasskey(answer.id);
      if (!passkey || (accountId !== null && passkey.accountId !== accountId)) throw refusal();
      const { verifyAuthenticationResponse } = await loadWebAuthn();
      const { verified, authenticationInfo } = await orRefuse(() =>
        verifyAuthenticationResponse({
          response: answer,
          expectedChallenge: challenges.take(accountId, "sign_in"),
          expectedOrigin: origin,
          expectedRPID: hostOf(origin),
          credential: {
            id: passkey.credentialId,
            publicKey: new Uint8Array(passkey.publicKey),
            counter: passkey.counter,
          },
        }),
      );
      if (!verified) throw refusal();
      const use = { counter: authenticationInfo.newCounter, nowMs: host.nowMs() };
      await factors.usePasskey(passkey.credentialId, use);
      return passkey.accountId;
    },
  };
}

function described({ credentialId, transports }: Passkey) {
  return { id: credentialId, transports: [...transports] };
}

function hostOf(origin: Origin): string {
  return new URL(origin).hostname;
}

function refusal(): ProblemError {
  return new ProblemError("wrong_credentials", "the passkey was not accepted");
}

/** The library throws whatever is wrong with an answer; to the browser all of it is one refusal. */
async function orRefuse<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const problem = refusal();
    problem.cause = cause;
    throw problem;
  }
}
