import {
  createApiClient,
  createTokenSource,
  systemTiming,
  type ApiClient,
  type TokenSource,
} from "@satchel/api-client";
import { browserName } from "@satchel/protocol";
import { keptIds } from "../offline/kept-ids.ts";
import { forgetKept } from "../offline/kept-owner.ts";
import { basePath, currentAddress, serverUrl } from "../base-path.ts";
import { createBrowserTokenStore, type BrowserTokenStore } from "./browser-token-store.ts";
import { leaveToSignIn, refresh, returnFromSignIn, revoke, signedInAddress } from "./oauth.ts";

/** The longest that signing out waits for each of its steps. */
const signOutStepMs = 5000;

/** This browser's login, and the client that speaks for it. */
export interface Session {
  readonly api: ApiClient;
  /** The token to send along where no client does it: the worker that uploads asks for it. */
  readonly tokens: TokenSource;
  /** Takes the login that the server's pages just gave, if this is the way back from there. @throws ProblemError, OfflineError */
  isSignedIn(): Promise<boolean>;
  /** Leaves this page for the server's sign-in page; afterwards the person is back where they are now. */
  signIn(): void;
  /** Whether another tab has signed in as another account: nothing is asked of the server by this one then. */
  isOtherAccount(): boolean;
  /** Told when that happens. */
  onOtherAccount(listener: () => void): void;
  /** Begins anew, as the account that is signed in now. */
  startOver(): void;
  /** Ends the login here and on the server, and this browser's visit to the server's pages too. Where another tab has signed in anew meanwhile, that login stays, and this tab begins anew with it. */
  signOut(): Promise<void>;
  /** Forgets a login that the server no longer knows, and what was kept with it. */
  forget(): Promise<void>;
}

export function openSession(): Session {
  const store = createBrowserTokenStore(basePath, localStorage, navigator.locks);
  const tokens = ofThisTab(createTokenSource({ store, timing: systemTiming, refresh }), store);
  return {
    api: readingKept(createApiClient({ serverUrl, tokens })),
    tokens,
    async isSignedIn() {
      if (currentAddress() === signedInAddress) {
        const back = await returnFromSignIn();
        await store.begin(back.tokens);
        history.replaceState(null, "", back.returnTo);
      }
      return (await store.load()) !== undefined;
    },
    signIn: () => leaveToSignIn(browserName(navigator.userAgent)),
    isOtherAccount: store.isOtherAccount,
    onOtherAccount: store.onOtherAccount,
    // The address may be of something that only the other account has.
    startOver: () => location.assign(`${basePath}/`),
    async signOut() {
      if (store.isReplaced()) return location.reload();
      const login = await store.load();
      store.forget();
      await withinPatience(forgetKept().catch((error: unknown) => reportError(error)));
      // Without the server's word the login ends there when its refresh token does.
      if (login) await withinPatience(revoke(login.refreshToken).catch(() => undefined));
      // The visit that the server's pages know now is that of whoever came meanwhile.
      if (store.isReplaced()) location.reload();
      else submitSignOut();
    },
    async forget() {
      if (store.isReplaced()) return;
      store.forget();
      await forgetKept().catch((error: unknown) => reportError(error));
    },
  };
}

/** A token that is still good isn't used either once another account has signed in: a page that shows one account's files is over when another's is open beside it. */
function ofThisTab(tokens: TokenSource, { requireOwn }: BrowserTokenStore): TokenSource {
  return {
    async get() {
      requireOwn();
      return await tokens.get();
    },
    async renew(refused) {
      requireOwn();
      return await tokens.renew(refused);
    },
  };
}

/** Files that are kept in this browser are read from there, also while the server can be reached: in the version that is asked for, since what is kept may be an older one than the newest. */
function readingKept(api: ApiClient): ApiClient {
  return {
    ...api,
    contentUrl: async (of, options) => {
      const isKept = of.versionId !== undefined && keptIds().has(of.fileId);
      const kept = isKept ? await (await import("../offline/kept-files.ts")).keptAddress(of) : undefined;
      return kept ?? (await api.contentUrl(of, options));
    },
  };
}

/** Whoever signs out is signed out, whatever hangs: what is still kept is forgotten before anybody else's files are shown (`claimKept`). */
async function withinPatience(step: Promise<void>): Promise<void> {
  await Promise.race([step, new Promise((resolve) => setTimeout(resolve, signOutStepMs))]);
}

/** The server's pages take this from a form only, so that no other site can send it. */
function submitSignOut(): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = `${serverUrl}/sign-out`;
  document.body.append(form);
  form.submit();
}
