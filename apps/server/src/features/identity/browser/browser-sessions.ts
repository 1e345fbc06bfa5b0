import { createHmac, timingSafeEqual } from "node:crypto";
import type { AccountId } from "@satchel/protocol";
import type { Host } from "../../../host.ts";
import type { Account } from "../../../storage/metadata/identity-store.ts";
import type { BrowserSession, SignInStore } from "../../../storage/metadata/sign-in-store.ts";
import { secretHash } from "../secret-hash.ts";

/** A browser that isn't used for longer has to sign in again. */
export const browserSessionMs = 30 * 24 * 3600 * 1000;
/** What is sensitive asks again for a proof that is older than this. */
export const stepUpMs = 10 * 60_000;
/** The mark of an earlier sign-in lasts for a year. */
export const knownBrowserMs = 365 * 24 * 3600 * 1000;
const touchEveryMs = 5 * 60_000;
const tokenBytes = 32;

/** How somebody proved who they are (RFC 8176's names where it has one): password, app's code, recovery code, passkey, another provider. */
export type ProofMethod = "pwd" | "otp" | "recovery" | "passkey" | "outside";

export interface SignedIn {
  readonly session: BrowserSession;
  readonly account: Account;
}

export type BrowserSessions = ReturnType<typeof createBrowserSessions>;

/** People who are signed in on our own pages. The browser's cookie is a random token, of which the database has the hash. */
export function createBrowserSessions({ store, host, key }: { store: SignInStore; host: Host; key: Uint8Array }) {
  const markOf = (accountId: AccountId): Buffer =>
    createHmac("sha256", key).update("known browser ").update(accountId).digest();

  return {
    /** Answers the cookie's value. */
    async start(accountId: AccountId, methods: readonly ProofMethod[], browser: string): Promise<string> {
      const token = Buffer.from(host.randomBytes(tokenBytes)).toString("base64url");
      const nowMs = host.nowMs();
      await store.createSession({
        sessionHash: secretHash(token),
        accountId,
        browser,
        methods: methods.join(" "),
        createdAtMs: nowMs,
        authenticatedAtMs: nowMs,
        lastSeenAtMs: nowMs,
        expiresAtMs: nowMs + browserSessionMs,
      });
      return token;
    },
    /** Who is signed in by this cookie; undefined when nobody is. */
    async find(token: string | undefined): Promise<SignedIn | undefined> {
      if (token === undefined || token.length > 100) return undefined;
      const nowMs = host.nowMs();
      const found = await store.findSession(secretHash(token), nowMs);
      if (found && found.session.lastSeenAtMs < nowMs - touchEveryMs) await touch(found.session, {});
      return found;
    },
    /** The person proved themselves once more. */
    provedAgain: (session: BrowserSession, methods: readonly ProofMethod[]): Promise<void> =>
      touch(session, { authenticatedAtMs: host.nowMs(), methods: methods.join(" ") }),
    /** Was it proved so lately that it is enough for what is sensitive? */
    isFresh: ({ authenticatedAtMs }: BrowserSession): boolean => authenticatedAtMs > host.nowMs() - stepUpMs,
    list: (accountId: AccountId): Promise<BrowserSession[]> => store.listSessions(accountId, host.nowMs()),
    end: ({ accountId, sessionHash }: Pick<BrowserSession, "accountId" | "sessionHash">): Promise<void> =>
      store.endSession(accountId, sessionHash),
    /** What a browser keeps to be told from a stranger's at the next sign-in. It opens nothing. */
    knownMark: (accountId: AccountId): string => markOf(accountId).toString("base64url"),
    isKnownMark(accountId: AccountId, mark: string | undefined): boolean {
      const given = Buffer.from(mark ?? "", "base64url");
      const right = markOf(accountId);
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };

  async function touch(session: BrowserSession, change: Partial<BrowserSession>): Promise<void> {
    const nowMs = host.nowMs();
    const { authenticatedAtMs, methods } = { ...session, ...change };
    const seen = { lastSeenAtMs: nowMs, expiresAtMs: nowMs + browserSessionMs };
    await store.touchSession(session.sessionHash, { ...seen, authenticatedAtMs, methods });
  }
}
