import { createApiClient, createTokenSource, foregroundRetry, systemTiming } from "@satchel/api-client";
import type { ApiClient, RetryNotice, RetryPolicy, TokenSource, TransferRates } from "@satchel/api-client";
import { readControls } from "../controls/controls-file.ts";
import { ratesAt } from "../controls/timetable.ts";
import type { Home } from "./home.ts";
import { getLogin, tokenStoreOf } from "./login-file.ts";
import type { Login } from "./login-file.ts";

/** A logged-in device and its way to the server. */
export interface Session {
  readonly login: Login;
  readonly tokens: TokenSource;
  readonly api: ApiClient;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Default: a few seconds, as a person would wait. */
  readonly retry?: RetryPolicy;
  readonly onRetry?: (notice: RetryNotice) => void;
  /** How fast bytes may travel; asked for again and again. Default: what the home's limits say now. */
  readonly rates?: () => TransferRates;
}

/** @throws CommandError when this home has no login */
export async function openSession(home: Home, options: SessionOptions = {}): Promise<Session> {
  const login = await getLogin(home);
  const { serverUrl } = login;
  const anonymous = createApiClient({ serverUrl });
  const tokens = createTokenSource({
    store: tokenStoreOf(home),
    refresh: (refreshToken) => anonymous.refresh(refreshToken),
    timing: systemTiming,
  });
  const { limits } = await readControls(home);
  const rates = options.rates ?? (() => ratesAt(limits, new Date()));
  const api = createApiClient({
    serverUrl,
    tokens,
    retry: options.retry ?? foregroundRetry,
    onRetry: options.onRetry,
    rates,
  });
  return {
    login,
    tokens,
    api,
    async close() {
      await Promise.all([api.close(), anonymous.close()]);
    },
  };
}
