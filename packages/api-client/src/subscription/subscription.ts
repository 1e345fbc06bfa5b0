import type {
  ChangesPush,
  ChunksWanted,
  CommentsChanged,
  Cursor,
  DeviceReported,
  PresenceChanged,
  WorkspaceId,
} from "@satchel/protocol";
import { ProblemError } from "@satchel/protocol";
import type { SyncCalls } from "../requests/sync-calls.ts";
import type { NetworkWatch } from "../network/network-watch.ts";
import { withQuery } from "../requests/json-call.ts";
import { backoffMs } from "../retry/retry.ts";
import type { Timing } from "../retry/timing.ts";
import { LoginRevokedError } from "../tokens/token-source.ts";
import type { TokenSource } from "../tokens/token-source.ts";
import type { SocketTransport } from "../transport/socket-transport.ts";
import { OfflineError } from "../transport/transport.ts";
import { listen } from "./listen.ts";
import type { ListenEnd } from "./listen.ts";
import { pollFor } from "./poll-for.ts";

/**
 * `connected`: changes are pushed as they happen. `polling`: the server has no connection to spare, or no WebSocket gets through, and changes are told by long-polling. `disconnected`: nothing is
 * told; every `connected` after it begins with a look at the feed, which the subscriber makes.
 */
export type SubscriptionState = "connected" | "polling" | "disconnected";

export interface SubscriptionRequest {
  readonly workspaceId: WorkspaceId;
  /** Up to where the subscriber has everything; asked at every new connection. */
  readonly cursor: () => Cursor | undefined;
  readonly onPush: (push: ChangesPush) => void;
  /** The server's own copies of these chunks are damaged: whoever has one may upload it again. */
  readonly onWanted?: ((wanted: ChunksWanted) => void) | undefined;
  /** What the account shares, is invited to or is told about has changed. */
  readonly onNews?: (() => void) | undefined;
  /** What people say about a file has changed. What happened while nothing was told is not told later. */
  readonly onComments?: ((changed: CommentsChanged) => void) | undefined;
  /** What a device does, told where this handler is given. It may be told again, and nothing tells that a device died: a report is good for `workReportMs`. */
  readonly onDevice?: ((reported: DeviceReported) => void) | undefined;
  /** Who has a file open, told where `onDevice` is given. After each new connection all is told again. */
  readonly onPresence?: ((changed: PresenceChanged) => void) | undefined;
  readonly onState: (state: SubscriptionState) => void;
  /** The subscription ended by itself, because only a person can help. */
  readonly onEnd: (error: LoginRevokedError) => void;
}

export interface Subscription {
  /** No handler is called after it. */
  close(): void;
  /** Settles when everything is closed; never rejects. */
  readonly closed: Promise<void>;
}

export interface SubscriptionDependencies {
  readonly sockets: SocketTransport;
  readonly tokens: TokenSource | undefined;
  readonly timing: Timing;
  readonly poll: SyncCalls["poll"];
  /** Tells when connections that stand are worth nothing any more. */
  readonly network: NetworkWatch;
  /** Drops all connections of other requests, too. */
  readonly onNetworkChange: () => void;
}

/** How long a server that has no connection to spare, or to which no WebSocket gets through, is polled before the next try, unless it said how long. */
const pollBeforeRetryMs = 60_000;

/** Listens to a workspace's changes, and never gives up while there is a chance. */
export function subscribe(request: SubscriptionRequest, dependencies: SubscriptionDependencies): Subscription {
  const ending = new AbortController();
  let interruption = new AbortController();
  const stopWatching = dependencies.network(() => {
    dependencies.onNetworkChange();
    interruption.abort();
    interruption = new AbortController();
  });
  const closed = keepListening(muteAfter(ending.signal, request), dependencies, {
    ending: ending.signal,
    interruption: () => interruption.signal,
  }).finally(stopWatching);
  return { close: () => ending.abort(), closed };
}

interface Signals {
  /** The subscription is to end. */
  readonly ending: AbortSignal;
  /** Whatever is under way now is not worth waiting for; each is a new one. */
  readonly interruption: () => AbortSignal;
}

async function keepListening(
  request: SubscriptionRequest,
  dependencies: SubscriptionDependencies,
  { ending, interruption }: Signals,
): Promise<void> {
  const { timing } = dependencies;
  let failures = 0;
  let withCursor = true;
  while (!ending.aborted) {
    const signal = AbortSignal.any([ending, interruption()]);
    try {
      const asked = { ...request, cursor: () => (withCursor ? request.cursor() : undefined) };
      const end = await connect(asked, dependencies, { failures, signal });
      withCursor = !end.cursorRefused;
      failures = end.opened || end.pause === "none" ? 0 : failures;
      if (end.pause === "poll") {
        await pollFor(end.pollForMs, request, dependencies, signal);
        failures = 0;
      } else if (end.pause === "backoff") await timing.sleep(backoffMs(++failures, timing.random(), undefined), signal);
    } catch (error) {
      if (ending.aborted) return;
      if (error instanceof LoginRevokedError) return request.onEnd(error);
      if (signal.aborted) {
        failures = 0;
        request.onState("disconnected");
        continue;
      }
      if (!(error instanceof OfflineError) && !(error instanceof ProblemError)) request.onState("disconnected");
      await timing.sleep(backoffMs(++failures, timing.random(), undefined), signal).catch(() => undefined);
    }
  }
}

/** What to do after a connection. A cursor that the server doesn't accept is left out once: the subscriber's own look at the feed tells what is wrong with it. */
type AfterConnection = { readonly opened: boolean; readonly cursorRefused: boolean } & (
  | { readonly pause: "none" | "backoff" }
  | { readonly pause: "poll"; readonly pollForMs: number }
);

async function connect(
  request: SubscriptionRequest,
  dependencies: SubscriptionDependencies,
  { failures, signal }: { failures: number; signal: AbortSignal },
): Promise<AfterConnection> {
  const { tokens } = dependencies;
  if (!tokens) throw new LoginRevokedError("this device is not logged in");
  const token = await tokens.get();
  const cursor = request.cursor();
  const path = withQuery("/v1/sync/notifications", {
    mode: "changes",
    devices: request.onDevice && "true",
    workspace_id: request.workspaceId,
    cursor,
  });
  const end = await listen({ path, headers: { authorization: `Bearer ${token}` } }, request, dependencies, signal);
  if (end.status === 401 || end.code === tokenExpiredCloseCode) {
    await tokens.renew(token);
    // A server that refuses the new token as well is not asked again in a tight loop.
    return { opened: end.opened, cursorRefused: false, pause: end.opened ? "none" : "backoff" };
  }
  return afterEnd(end, { failures, hadCursor: cursor !== undefined });
}

/** The server ends a connection whose token has expired with this code. */
const tokenExpiredCloseCode = 4401;

/** Polls where no connection is to be had: the server has none to spare, or something on the way lets none through, which it says with any status, or by breaking it off every time. */
function afterEnd(end: ListenEnd, { failures, hadCursor }: { failures: number; hadCursor: boolean }): AfterConnection {
  const cursorRefused = hadCursor && (end.status === 400 || end.status === 410);
  const isRefused = !end.opened && !cursorRefused && (end.status !== undefined || failures > 0);
  if (!isRefused) return { opened: end.opened, cursorRefused, pause: "backoff" };
  const pollForMs = end.retryAfterSeconds === undefined ? pollBeforeRetryMs : end.retryAfterSeconds * 1000;
  return { opened: false, cursorRefused, pause: "poll", pollForMs };
}

/** Handlers that say each state once, and nothing more after the end. */
function muteAfter(signal: AbortSignal, request: SubscriptionRequest): SubscriptionRequest {
  let state: SubscriptionState | undefined;
  return {
    ...request,
    onPush: (push) => {
      if (!signal.aborted) request.onPush(push);
    },
    onWanted: (wanted) => {
      if (!signal.aborted) request.onWanted?.(wanted);
    },
    onNews: () => {
      if (!signal.aborted) request.onNews?.();
    },
    onComments: (changed) => {
      if (!signal.aborted) request.onComments?.(changed);
    },
    onPresence: (changed) => {
      if (!signal.aborted) request.onPresence?.(changed);
    },
    onDevice:
      request.onDevice &&
      ((reported) => {
        if (!signal.aborted) request.onDevice?.(reported);
      }),
    onState: (next) => {
      if (signal.aborted || next === state) return;
      state = next;
      request.onState(next);
    },
    onEnd: (error) => {
      if (!signal.aborted) request.onEnd(error);
    },
  };
}
