import type { TokenStore, Tokens } from "@satchel/api-client";

/** Servers below several paths of one host share its storage: each has a login of its own. */
const keyBelow = (basePath: string): string => `satchel.tokens${basePath}`;

/**
 * The login of this browser, shared by its tabs: kept in its storage, exchanged under a lock that all tabs wait for. A tab is of the login that it found first: when another tab signs in anew
 * meanwhile, this one can neither end nor overwrite that login.
 */
export interface BrowserTokenStore extends TokenStore {
  /** A login that this tab was just given takes the place of any other. */
  begin(tokens: Tokens): Promise<void>;
  /** Whether another login has taken the place of this tab's. */
  isReplaced(): boolean;
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
  const find = (): Login | undefined => parseLogin(storage.getItem(storageKey));
  const exclusively = async <T>(work: () => Promise<T>) => (await locks.request(storageKey, work)) as T;
  const isReplaced = (): boolean => {
    const found = find();
    return own !== undefined && found !== undefined && found.id !== own;
  };
  const write = (tokens: Tokens, id: string): void => storage.setItem(storageKey, JSON.stringify({ ...tokens, id }));
  return {
    async load() {
      const found = find();
      own ??= found?.id;
      return found?.tokens;
    },
    async save(tokens) {
      write(tokens, find()?.id ?? own ?? "");
    },
    // Under the lock, so that tokens that another tab is just exchanging aren't written over it.
    begin: (tokens) =>
      exclusively(async () => {
        own = newId();
        write(tokens, own);
      }),
    exclusively,
    isReplaced,
    forget() {
      if (!isReplaced()) storage.removeItem(storageKey);
    },
  };
}

function newId(): string {
  return crypto.getRandomValues(new Uint8Array(12)).toHex();
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
