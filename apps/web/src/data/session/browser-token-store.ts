import type { TokenStore, Tokens } from "@satchel/api-client";

/** Servers below several paths of one host share its storage: each has a login of its own. */
const keyBelow = (basePath: string): string => `satchel.tokens${basePath}`;

/** The login of this browser, shared by its tabs: kept in its storage, exchanged under a lock that all tabs wait for. */
export interface BrowserTokenStore extends TokenStore {
  forget(): void;
}

export function createBrowserTokenStore(
  basePath: string,
  storage: Storage,
  locks: Pick<LockManager, "request">,
): BrowserTokenStore {
  const storageKey = keyBelow(basePath);
  return {
    async load() {
      return parseTokens(storage.getItem(storageKey));
    },
    async save(tokens) {
      storage.setItem(storageKey, JSON.stringify(tokens));
    },
    exclusively: async <T>(work: () => Promise<T>) => (await locks.request(storageKey, work)) as T,
    forget: () => storage.removeItem(storageKey),
  };
}

/** Whatever isn't tokens counts as no login: a page that can't start because of its own storage would be worse. */
function parseTokens(text: string | null): Tokens | undefined {
  if (text === null) return undefined;
  try {
    const tokens = JSON.parse(text) as Partial<Tokens> | null;
    if (typeof tokens?.accessToken !== "string" || typeof tokens.refreshToken !== "string") return undefined;
    if (typeof tokens.expiresAtMs !== "number") return undefined;
    return { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken, expiresAtMs: tokens.expiresAtMs };
  } catch {
    return undefined;
  }
}
