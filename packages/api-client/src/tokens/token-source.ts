import { ProblemError } from "@satchel/protocol";
import type { LoginResponse } from "@satchel/protocol";
import type { Timing } from "../retry/timing.ts";

/** Where the access token of a call comes from. */
export interface TokenSource {
  /** A token that has not expired, as far as this clock can tell. @throws LoginRevokedError */
  get(): Promise<string>;
  /**
   * Another token, after the server refused `refused`. Calls at the same time share one renewal, which is tried once: who called repeats it.
   * @throws LoginRevokedError, OfflineError
   */
  renew(refused: string): Promise<string>;
}

/** What a device keeps of its login. */
export interface Tokens {
  readonly accessToken: string;
  /** By this device's clock. */
  readonly expiresAtMs: number;
  readonly refreshToken: string;
}

/** Where tokens are kept between runs. */
export interface TokenStore {
  /** Undefined when this device is not logged in. */
  load(): Promise<Tokens | undefined>;
  /** Durable when it returns. */
  save(tokens: Tokens): Promise<void>;
  /**
   * Runs `work` while no other process of this device does: a refresh token that two processes exchange looks stolen to the server, which then revokes the device.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

/** This device has no valid login (any more): only a person can help, by logging in again. */
export class LoginRevokedError extends Error {
  override readonly name = "LoginRevokedError";
  constructor(message = "this device's login was revoked") {
    super(message);
  }
}

/** What a login and an exchange answer, of all that a login answers. */
export type TokenAnswer = Pick<LoginResponse, "access_token" | "expires_in" | "refresh_token">;

export interface TokenSourceOptions {
  readonly store: TokenStore;
  /** The exchange, without retry: `POST /v1/auth/refresh`, or an OAuth provider's. */
  readonly refresh: (refreshToken: string) => Promise<TokenAnswer>;
  readonly timing: Timing;
}

/** A token this close to its end is renewed before it is used. */
const renewBeforeMs = 10_000;

/**
 * Tokens from a store, exchanged when they expire. The rotated refresh token is saved before the access token that came with it is given to anybody, so
 * that a crash in between costs nothing: the server accepts the exchange of the former one again until the new one is used.
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { store, timing } = options;
  let current: Tokens | undefined;
  let renewal: Promise<string> | undefined;

  async function exchange(refused: string): Promise<string> {
    return store.exclusively(async () => {
      const stored = await store.load();
      if (!stored) throw new LoginRevokedError("this device is not logged in");
      current = stored;
      // Another process renewed it while this one waited.
      if (stored.accessToken !== refused && isFresh(stored, timing.nowMs())) return stored.accessToken;
      const next = tokensOf(await refreshOrFail(stored.refreshToken), timing.nowMs());
      await store.save(next);
      current = next;
      return next.accessToken;
    });
  }

  async function refreshOrFail(refreshToken: string): Promise<TokenAnswer> {
    try {
      return await options.refresh(refreshToken);
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) throw new LoginRevokedError();
      throw error;
    }
  }

  function renew(refused: string): Promise<string> {
    renewal ??= exchange(refused).finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  return {
    async get() {
      current ??= await store.load();
      if (!current) throw new LoginRevokedError("this device is not logged in");
      return isFresh(current, timing.nowMs()) ? current.accessToken : renew(current.accessToken);
    },
    async renew(refused) {
      // The renewal that this refusal calls for has already happened.
      if (current && current.accessToken !== refused && isFresh(current, timing.nowMs())) return current.accessToken;
      return renew(refused);
    },
  };
}

/** What to keep of a login or a refresh. */
export function tokensOf(login: TokenAnswer, nowMs: number): Tokens {
  return {
    accessToken: login.access_token,
    expiresAtMs: nowMs + login.expires_in * 1000,
    refreshToken: login.refresh_token,
  };
}

function isFresh(tokens: Tokens, nowMs: number): boolean {
  return tokens.expiresAtMs - renewBeforeMs > nowMs;
}
