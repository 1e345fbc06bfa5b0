import type { LoginResponse } from "@satchel/protocol";
import { limitedSockets } from "../limit/limited-sockets.ts";
import { limitedTransport } from "../limit/limited-transport.ts";
import { rateLimits, type TransferRates } from "../limit/rate-limits.ts";
import { systemNetworkWatch } from "#network";
import type { NetworkWatch } from "../network/network-watch.ts";
import { endlessRetry } from "../retry/retry.ts";
import type { RetryNotice, RetryPolicy } from "../retry/retry.ts";
import { systemTiming } from "../retry/timing.ts";
import type { Timing } from "../retry/timing.ts";
import { subscribe } from "../subscription/subscription.ts";
import type { Subscription, SubscriptionRequest } from "../subscription/subscription.ts";
import { createSocketTransport } from "#transport/socket";
import type { SocketTransport } from "../transport/socket-transport.ts";
import { signInByBrowser } from "../tokens/browser-sign-in.ts";
import type { BrowserCode } from "../tokens/browser-sign-in.ts";
import type { TokenSource } from "../tokens/token-source.ts";
import { createHttpTransport } from "#transport/http";
import type { HttpTransport } from "../transport/transport.ts";
import { createCaller } from "./caller.ts";
import type { Caller } from "./caller.ts";
import { createChunkCalls } from "./chunk-calls.ts";
import type { ChunkCalls } from "./chunk-calls.ts";
import { createChunkPartCalls } from "./chunk-part-calls.ts";
import type { ChunkPartCalls } from "./chunk-part-calls.ts";
import { createDirectChunkCalls } from "./direct-chunk-calls.ts";
import type { DirectChunkCalls } from "./direct-chunk-calls.ts";
import { createFileCalls } from "./file-calls.ts";
import type { FileCalls } from "./file-calls.ts";
import { createIdentityCalls } from "./identity-calls.ts";
import type { IdentityCalls } from "./identity-calls.ts";
import { createShareCalls } from "./share-calls.ts";
import type { ShareCalls } from "./share-calls.ts";
import { createSyncCalls } from "./sync-calls.ts";
import type { SyncCalls } from "./sync-calls.ts";

/** Everything that a device asks a server. Calls throw ProblemError, OfflineError, LoginRevokedError or UnexpectedAnswerError. */
export interface ApiClient
  extends IdentityCalls, ChunkCalls, ChunkPartCalls, DirectChunkCalls, SyncCalls, FileCalls, ShareCalls {
  readonly serverUrl: string;
  /** How fast bytes may travel, where somebody limits that. */
  readonly rates?: (() => TransferRates) | undefined;
  /** Registers a new device through a browser, which may be on another machine. @throws BrowserSignInError, OfflineError */
  loginByBrowser(
    request: { deviceName: string; onCode: (code: BrowserCode) => void },
    options?: { signal?: AbortSignal | undefined },
  ): Promise<LoginResponse>;
  /** Further calls over this client, which not every program has to carry along. */
  extend<Calls>(create: (caller: Caller, makeKey: () => string) => Calls): Calls;
  /** Listens to changes until it is closed. */
  subscribe(request: SubscriptionRequest): Subscription;
  /** Closes connections; calls in flight fail. */
  close(): Promise<void>;
}

export interface ApiClientOptions {
  /** Such as `https://satchel.example.org`, with a path where the server lives below one. */
  readonly serverUrl: string;
  /** Without it, only `login`, `join` and `refresh` work. */
  readonly tokens?: TokenSource | undefined;
  /** Default: until it works. */
  readonly retry?: RetryPolicy | undefined;
  /** Told before each wait for another try of a call. */
  readonly onRetry?: ((notice: RetryNotice) => void) | undefined;
  /** Default: the machine's own. */
  readonly timing?: Timing | undefined;
  /** Default: undici, and `fetch` in a browser. */
  readonly transport?: HttpTransport | undefined;
  /** Default: ws, and `WebSocket` in a browser. */
  readonly sockets?: SocketTransport | undefined;
  /** How fast bytes of bodies may travel; asked for again and again. Default: as fast as they can. */
  readonly rates?: (() => TransferRates) | undefined;
  /** Default: this machine's. */
  readonly network?: NetworkWatch | undefined;
}

export function createApiClient(options: ApiClientOptions): ApiClient {
  const timing = options.timing ?? systemTiming;
  const unlimited = options.transport ?? createHttpTransport(options.serverUrl);
  const openSockets = options.sockets ?? createSocketTransport(options.serverUrl);
  const limits = options.rates && rateLimits(options.rates, timing);
  const transport = limits ? limitedTransport(unlimited, limits) : unlimited;
  const sockets = limits ? limitedSockets(openSockets, limits) : openSockets;
  const { tokens, onRetry, serverUrl } = options;
  const caller = createCaller({ transport, tokens, retry: options.retry ?? endlessRetry, timing, onRetry });
  const makeKey = (): string => makeIdempotencyKey(timing);
  const sync = createSyncCalls(caller, makeKey);
  return {
    serverUrl,
    rates: options.rates,
    ...createIdentityCalls(caller, makeKey),
    ...createChunkCalls(caller),
    ...createChunkPartCalls(caller),
    ...createDirectChunkCalls(caller),
    ...sync,
    ...createFileCalls(caller, makeKey, serverUrl),
    ...createShareCalls(caller, makeKey),
    extend: (create) => create(caller, makeKey),
    loginByBrowser: (request, options) =>
      signInByBrowser({ ...request, transport: unlimited, timing, signal: options?.signal }),
    subscribe: (request) =>
      subscribe(request, {
        sockets,
        tokens,
        timing,
        poll: (query, call) => sync.poll(query, call),
        network: options.network ?? systemNetworkWatch,
        onNetworkChange: () => void transport.close(),
      }),
    close: () => transport.close(),
  };
}

/** 128 random bits in hex. They need to be unlike the account's other keys, not to be a secret. */
function makeIdempotencyKey(timing: Timing): string {
  let key = "";
  for (let i = 0; i < 4; i++)
    key += Math.floor(timing.random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return key;
}
