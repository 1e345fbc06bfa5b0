import { Buffer } from "node:buffer";
import { LoginRevokedError, OfflineError, type TokenSource } from "@satchel/api-client";
import { encodeManifest } from "@satchel/chunking";
import type { NamedChunk, Server } from "@satchel/engine";
import { changesPushSchema, commitRequestSchema, ProblemError, type CommitResponse } from "@satchel/protocol";
import type { Caller, ServerCore } from "@satchel/server";
import type { Network } from "./network.ts";
import type { Process } from "./process.ts";
import type { Login, SimServer } from "./sim-server.ts";
import { simTokens, type TokenDrawer } from "./sim-tokens.ts";
import type { Trace } from "./trace.ts";
import { describeOperations } from "./describe.ts";

interface LinkParts {
  readonly name: string;
  readonly server: SimServer;
  readonly network: Network;
  readonly process: Process;
  readonly login: Login;
  /** Left out: the server knows the device without its showing a token. */
  readonly drawer: TokenDrawer | undefined;
  /** By the device's clock. */
  readonly nowMs: () => number;
  readonly trace: Trace;
  /** Each commit that the server answered, whether or not the answer arrives. */
  readonly onCommitted: (request: Parameters<Server["commit"]>[0], response: CommitResponse) => void;
}

/** A device's way to its server, with everything that may happen on it. */
export function linkToServer(parts: LinkParts): Server {
  const { login, trace, name } = parts;
  const { workspaceId } = login;
  const tokens = tokensOf(parts);
  const ask = <T>(what: string, work: Work<T>): Promise<T> => askAs({ ...parts, tokens }, what, work);
  return {
    workspaceId,
    async commit(commit) {
      trace.add(name, `commits ${describeOperations(commit.operations)}`);
      parts.server.noteSent(commit.carried);
      const response = await ask("commit", async (core, caller) => {
        const answer = await core.sync.commit(caller, commitCommand(workspaceId, commit));
        parts.onCommitted(commit, answer);
        return answer;
      });
      trace.add(
        name,
        `is answered ${response.results.map((result) => (result.status === "done" ? "done" : result.code)).join(" ")}`,
      );
      return response;
    },
    changes: ({ cursor }) =>
      ask("changes", (core, caller) => core.sync.changes(caller, { workspaceId, cursor, limit: undefined })),
    manifests: (versions) =>
      ask("manifests", async (core, caller) => {
        const asked = versions.map(({ id, versionId }) => ({ id, version_id: versionId }));
        const packed = await core.sync.manifests(caller, { workspaceId, versions: asked });
        return packed.map((text) => (text === null ? undefined : Buffer.from(text, "base64")));
      }),
    versions: (id) =>
      ask("versions", async (core, caller) => {
        const { versions } = await core.browse.versions(caller, id, { cursor: undefined, limit: undefined });
        return versions.map(({ version, version_hash }) => ({ versionId: version, contentHash: version_hash }));
      }),
    missingChunks: (chunks) => ask("missing", (core) => core.transfer.findMissing(workspaceId, plain(chunks))),
    uploadChunks: (chunks) => {
      parts.server.noteSent(chunks);
      return ask("upload", (core) =>
        core.transfer.store(
          workspaceId,
          chunks.map(({ hash, bytes }) => ({ hash, bytes: Uint8Array.from(bytes) })),
        ),
      );
    },
    downloadChunks: (chunks) => ask("download", (core) => core.transfer.fetch(workspaceId, plain(chunks))),
    subscribe: (listener) => subscribe({ ...parts, tokens }, listener),
  };
}

/** What the server does for whoever asks. */
type Work<T> = (core: ServerCore, caller: Caller) => Promise<T>;

interface SignedIn extends LinkParts {
  readonly tokens: TokenSource | undefined;
}

function tokensOf(parts: LinkParts): TokenSource | undefined {
  const { drawer, nowMs, process, trace, name } = parts;
  if (!drawer) return undefined;
  const refresh = (refreshToken: string) => {
    trace.add(name, "exchanges its token");
    return request(parts, "refresh", (core) => core.signIn.refresh(refreshToken));
  };
  return simTokens({ process, drawer, nowMs, refresh });
}

/** With a token, as the real client does: what is refused for its token is asked once more with another. */
async function askAs<T>(parts: SignedIn, what: string, work: Work<T>): Promise<T> {
  const { tokens, login } = parts;
  if (!tokens) return request(parts, what, (core) => work(core, login.caller));
  const askWith = (token: string): Promise<T> =>
    request(parts, what, async (core) => work(core, await callerOf(core, token)));
  const token = await tokens.get();
  try {
    return await askWith(token);
  } catch (error) {
    if (!isRefusedToken(error)) throw asRevoked(error);
  }
  const renewed = await tokens.renew(token);
  try {
    return await askWith(renewed);
  } catch (error) {
    throw asRevoked(error);
  }
}

async function callerOf(core: ServerCore, token: string): Promise<Caller> {
  return core.authorisation.requireRight(await core.authenticator.authenticate(`Bearer ${token}`), "files.write");
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof ProblemError && (error.code === "token_expired" || error.code === "unauthenticated");
}

function asRevoked(error: unknown): unknown {
  return error instanceof ProblemError && error.code === "login_revoked" ? new LoginRevokedError() : error;
}

async function request<T>(parts: LinkParts, what: string, work: (core: ServerCore) => Promise<T>): Promise<T> {
  const { network, process, trace, name, server } = parts;
  const fate = network.fate();
  if (fate !== "fine") trace.add(name, `${what}: ${fate}`);
  await process.pause(network.delayMs());
  const lose = async (): Promise<never> => {
    await process.pause(network.timeoutMs);
    throw new OfflineError(`${what}: no answer`);
  };
  const core = server.core;
  if (!network.isConnected || core === undefined || fate === "request_lost") return lose();
  if (fate === "too_many") throw new ProblemError("too_many_requests", "slower", { retryAfterSeconds: 2 });
  if (fate === "belated") {
    network.scheduler.after(network.timeoutMs * 1.5 + network.delayMs() * 5, () => {
      if (server.core) work(server.core).catch(() => {});
    });
    return lose();
  }
  if (fate === "busy") throw new ProblemError("unavailable", "busy", { retryAfterSeconds: 1 });
  if (fate === "duplicated") {
    // The copy arrives on its own, whoever is still there to hear of it.
    network.scheduler.after(network.delayMs() * 3, () => {
      if (server.core) work(server.core).catch(() => {});
    });
  }
  const answer = await work(core);
  const isHeard = fate !== "answer_lost" && network.isConnected && server.core === core;
  if (!isHeard) return lose();
  await process.pause(network.delayMs());
  return answer;
}

function commitCommand(workspaceId: Login["workspaceId"], commit: Parameters<Server["commit"]>[0]) {
  const { seen, operations, carried, idempotencyKey } = commit;
  const packed = Buffer.from(encodeManifest(plain(carried))).toString("base64");
  // As over HTTP: only what the wire can say arrives.
  const request = commitRequestSchema.parse(
    JSON.parse(
      JSON.stringify({ workspace_id: workspaceId, seen, operations, ...(carried.length > 0 && { carried: packed }) }),
    ),
  );
  const body = Buffer.concat(carried.map(({ bytes }) => bytes));
  return { request, body, repeatable: { key: idempotencyKey, fingerprint: "commit" } };
}

function plain(chunks: readonly NamedChunk[]) {
  return chunks.map(({ hash, sizeBytes }) => ({ hash, sizeBytes }));
}

/** Reconnects by itself, as the real one does: a while after the network or the server came back. */
function subscribe(parts: SignedIn, listener: Parameters<Server["subscribe"]>[0]): { close(): void } {
  const { network, process, server, login, trace, name, tokens } = parts;
  let end: (() => void) | undefined;
  let isClosed = false;

  const connect = (): void => {
    process.tell(network.delayMs() + 1, () => {
      if (isClosed || end !== undefined) return;
      const { core } = server;
      if (!network.isConnected || core === undefined) return retryLater();
      if (tokens === undefined) return listen(core);
      // Who has no good token is refused, as any request is; and so is whoever has no login any more.
      askAs(parts, "connect", async () => undefined).then(
        () =>
          server.core === core && network.isConnected && !isClosed && end === undefined ? listen(core) : retryLater(),
        (error: unknown) => (error instanceof LoginRevokedError ? listener.onEnd(error) : retryLater()),
      );
    });
  };
  const listen = (core: ServerCore): void => {
    const subscription = core.hub.subscribe({
      workspaceId: login.workspaceId,
      deviceId: login.deviceId,
      accountId: login.caller.accountId,
      isAllowed: async () => true,
      mode: "changes",
      watchesDevices: false,
      sink: {
        send: (text, onSent) => deliver(text, onSent),
        backlogBytes: () => 0,
        close: () => tokens && disconnect(),
      },
    });
    end = () => subscription.end();
    listener.onState(true);
  };
  const retryLater = (): void => process.tell(200 + network.delayMs() * 20, connect);
  const deliver = (text: string, onSent: () => void): void => {
    network.scheduler.after(0, onSent);
    const delays = network.pushDelays();
    if (delays.length === 0) trace.add(name, "a push is lost");
    for (const delay of delays) {
      process.tell(network.delayMs() + delay, () => {
        if (end !== undefined) listener.onPush(changesPushSchema.parse(JSON.parse(text)));
      });
    }
  };
  const disconnect = (): void => {
    if (end === undefined) return;
    end();
    end = undefined;
    if (isClosed || !process.isAlive) return;
    process.tell(network.delayMs(), () => listener.onState(false));
    retryLater();
  };
  const forgetNetwork = network.onConnection((connected) => (connected ? connect() : disconnect()));
  const forgetServer = server.onStop(disconnect);
  connect();
  return {
    close() {
      isClosed = true;
      disconnect();
      forgetNetwork();
      forgetServer();
    },
  };
}
