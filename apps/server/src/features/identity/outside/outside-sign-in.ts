import { ProblemError, type AccountId } from "@satchel/protocol";
import * as client from "openid-client";
import type { Host } from "../../../host.ts";
import type { LinkedIdentity, SignInStore } from "../../../storage/metadata/sign-in-store.ts";
import type { Audit } from "../../audit/audit.ts";
import { secretHash } from "../secret-hash.ts";
import { randomSecret } from "../sign-in.ts";

/** Another OpenID provider, by which people may sign in. */
export interface OutsideProvider {
  /** How people call it. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Who the other provider says that somebody is. */
export interface OutsideIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly label: string;
}

/** What a visit to the other provider was for, in the browser that began it. */
interface Begun {
  readonly verifier: string;
  readonly nonce: string;
  readonly redirectUri: string;
  readonly next: string | undefined;
  /** The account that wants to link it; null to sign in. */
  readonly linkTo: AccountId | null;
}

const begunMs = 10 * 60_000;
const timeoutSeconds = 10;

export type OutsideSignIn = ReturnType<typeof createOutsideSignIn>;

interface OutsideParts extends OutsideProvider {
  readonly store: SignInStore;
  readonly host: Host;
  readonly audit: Audit;
}

/**
 * Sign-in with another OpenID provider: authorization code with PKCE, state and nonce. An identity there opens the account here that was linked to it, by its issuer and subject, by somebody who
 * was signed in to both. What the provider says of names and addresses links nothing: it may be wrong, or belong to somebody else tomorrow.
 */
export function createOutsideSignIn(parts: OutsideParts) {
  const { store, host, audit, name, issuer } = parts;
  let discovered: Promise<client.Configuration> | undefined;

  /** Asked once it is needed, and again after a failure: the other provider may start later than we do. */
  function configuration(): Promise<client.Configuration> {
    discovered ??= discover(parts).catch((error: unknown) => {
      discovered = undefined;
      throw new ProblemError(
        "unavailable",
        `${name} can't be reached: ${error instanceof Error ? error.message : "failed"}`,
      );
    });
    return discovered;
  }

  return {
    name,
    /** Where to send the browser, and the secret by which it will be known when it comes back. */
    async begin(visit: { redirectUri: string; next: string | undefined; linkTo: AccountId | null }) {
      const config = await configuration();
      const [verifier, nonce, state] = [client.randomPKCECodeVerifier(), randomSecret(host), randomSecret(host)];
      const begun: Begun = { ...visit, verifier, nonce };
      const expiresAtMs = host.nowMs() + begunMs;
      const payload = JSON.stringify(begun);
      await store.putSecret(secretHash(state), {
        purpose: "outside_sign_in",
        accountId: visit.linkTo,
        payload,
        expiresAtMs,
      });
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri: visit.redirectUri,
        scope: "openid profile",
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      });
      return { address: address.href, state };
    },
    /** The browser is back. `state` is what it kept, and has to be what comes back with it: else somebody put their own answer under another one's nose. @throws wrong_credentials, unavailable */
    async finish(
      address: URL,
      state: string | undefined,
    ): Promise<{ identity: OutsideIdentity; linkTo: AccountId | null; next: string | undefined }> {
      const query = { purpose: "outside_sign_in", nowMs: host.nowMs() } as const;
      const isOurs = state !== undefined && address.searchParams.get("state") === state;
      const found = isOurs ? await store.takeSecret({ ...query, secretHash: secretHash(state) }) : undefined;
      if (!found || state === undefined) throw refused("the answer belongs to no visit of this browser");
      const begun = JSON.parse(found.payload) as Begun;
      const answer = new URL(begun.redirectUri);
      answer.search = address.search;
      const identity = await identityIn(await configuration(), { answer, begun, state });
      return { identity, linkTo: begun.linkTo, next: begun.next };
    },
    findAccount: async ({ issuer: of, subject }: OutsideIdentity): Promise<AccountId | undefined> =>
      (await store.findLinked(of, subject))?.accountId,
    /** The person is signed in to the account, and has just come from the provider. @throws account_exists */
    async link(accountId: AccountId, identity: OutsideIdentity): Promise<void> {
      await store.link({ ...identity, accountId, linkedAtMs: host.nowMs() });
      await audit.record({ action: "identity_linked", accountId, detail: { change: "linked", issuer } });
    },
    async unlink(accountId: AccountId, identity: Pick<LinkedIdentity, "issuer" | "subject">): Promise<void> {
      await store.unlink(accountId, identity.issuer, identity.subject);
      await audit.record({ action: "identity_linked", accountId, detail: { change: "unlinked", issuer } });
    },
  };
}

/** Exchanges the answer for what it says of the person. @throws wrong_credentials */
async function identityIn(
  config: client.Configuration,
  { answer, begun, state }: { readonly answer: URL; readonly begun: Begun; readonly state: string },
): Promise<OutsideIdentity> {
  const checks = { pkceCodeVerifier: begun.verifier, expectedNonce: begun.nonce, expectedState: state };
  const tokens = await client.authorizationCodeGrant(config, answer, checks).catch((error: unknown) => {
    throw refused(error instanceof Error ? error.message : "failed");
  });
  const claims = tokens.claims();
  if (!claims) throw refused("the answer has no ID token");
  const named = claims["preferred_username"] ?? claims["email"] ?? claims["name"];
  const label = typeof named === "string" ? named.slice(0, 200) : claims.sub;
  return { issuer: claims.iss, subject: claims.sub, label };
}

function discover({ issuer, clientId, clientSecret }: OutsideProvider): Promise<client.Configuration> {
  const isPlain = new URL(issuer).protocol === "http:";
  return client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    timeout: timeoutSeconds,
    // Marked so that it stands out: plain HTTP is for a provider on this machine only, and the settings refuse any other.
    // oxlint-disable-next-line typescript/no-deprecated
    execute: isPlain ? [client.allowInsecureRequests] : [],
  });
}

function refused(reason: string): ProblemError {
  const problem = new ProblemError("wrong_credentials", "the other provider's answer was not accepted");
  problem.cause = new Error(reason);
  return problem;
}
