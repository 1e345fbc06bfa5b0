import { LoginRevokedError, type TokenStore, type Tokens } from "@satchel/api-client";

/** Servers below several paths of one host share its storage: each has a login of its own. */
const keyBelow = (basePath: string): string => `satchel.tokens${basePath}`;

/**
 * The login of this browser, shared by its tabs: kept in its storage, exchanged under a lock that all tabs wait for. A tab is of the login that it found first: when another tab signs in anew
 * meanwhile, this one can neither end nor overwrite that login, and is refused it where it is another account's.
 */
export interface BrowserTokenStore extends TokenStore {
  /** A login that this tab was just given takes the place of any other. */
  begin(tokens: Tokens): Promise<void>;
  /** Whether another login has taken the place of this tab's. */
  isReplaced(): boolean;
  /** Whether that login is another account's, or can't be told to be the same one's. */
  isOtherAccount(): boolean;
  /** @throws LoginRevokedError when another account has taken the place of this tab's */
  requireOwn(): void;
  /** Listens for other accounts, as well as a tab that sleeps in the background hears of them. */
  onOtherAccount(listener: () => void): void;
  /** Forgets this tab's login, and no other. */
  forget(): void;
}

interface Login {
  readonly tokens: Tokens;
  /** Stays the same when tokens are exchanged. Empty for logins of before there was one. */
  readonly id: string;
}

export function createBrowserTokenStore(
  basePath: string,
  storage: Storage,
  locks: Pick<LockManager, "request">,
): BrowserTokenStore {
  const storageKey = keyBelow(basePath);
  let own: string | undefined;
  let account: string | undefined;
  const find = (): Login | undefined => parseLogin(storage.getItem(storageKey));
  const exclusively = async <T>(work: () => Promise<T>) => (await locks.request(storageKey, work)) as T;
  const isReplaced = (): boolean => {
    const found = find();
    return own !== undefined && found !== undefined && found.id !== own;
  };
  const isOtherAccount = (): boolean =>
    isReplaced() && (account === undefined || accountOf(find()?.tokens) !== account);
  const requireOwn = (): void => {
    if (isOtherAccount()) throw new LoginRevokedError("another account has signed in in this browser");
  };
  const write = (tokens: Tokens, id: string): void => storage.setItem(storageKey, JSON.stringify({ ...tokens, id }));
  return {
    async load() {
      const found = find();
      own ??= found?.id;
      account ??= accountOf(found?.tokens);
      requireOwn();
      return found?.tokens;
    },
    async save(tokens) {
      write(tokens, find()?.id ?? own ?? "");
    },
    // Under the lock, so that tokens that another tab is just exchanging aren't written over it.
    begin: (tokens) =>
      exclusively(async () => {
        own = newId();
        account = accountOf(tokens);
        write(tokens, own);
      }),
    exclusively,
    isReplaced,
    isOtherAccount,
    requireOwn,
    onOtherAccount(listener) {
      const look = (): void => {
        if (isOtherAccount()) listener();
      };
      addEventListener("storage", look);
      addEventListener("visibilitychange", look);
    },
    forget() {
      if (!isReplaced()) storage.removeItem(storageKey);
    },
  };
}

function newId(): string {
  return crypto.getRandomValues(new Uint8Array(12)).toHex();
}

/** Whom an access token is for (RFC 9068): only the server can tell whether that is so, but it needn't be asked who is who. Undefined where it can't be read. */
function accountOf(tokens: Tokens | undefined): string | undefined {
  try {
    const bytes = Uint8Array.fromBase64(tokens?.accessToken.split(".")[1] ?? "", { alphabet: "base64url" });
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly sub?: unknown };
    return typeof sub === "string" ? sub : undefined;
  } catch {
    return undefined;
  }
}

/** Whatever isn't tokens counts as no login: a page that can't start because of its own storage would be worse. */
function parseLogin(text: string | null): Login | undefined {
  if (text === null) return undefined;
  try {
    const login = JSON.parse(text) as (Partial<Tokens> & { readonly id?: unknown }) | null;
    if (typeof login?.accessToken !== "string" || typeof login.refreshToken !== "string") return undefined;
    if (typeof login.expiresAtMs !== "number") return undefined;
    const { accessToken, refreshToken, expiresAtMs } = login;
    return { tokens: { accessToken, refreshToken, expiresAtMs }, id: typeof login.id === "string" ? login.id : "" };
  } catch {
    return undefined;
  }
}
