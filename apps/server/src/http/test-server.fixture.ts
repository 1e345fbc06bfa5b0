import { createHash, randomBytes } from "node:crypto";
import { BlockList, type AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import {
  encodeFrame,
  frameMediaType,
  idPartBytes,
  makeEntryId,
  rootEntryId,
  type ChangesPage,
  type CommitOperation,
  type CommitResponse,
  type Cursor,
  type LoginResponse,
  type Problem,
  type VersionHash,
} from "@satchel/protocol";
import { pino } from "pino";
import { WebSocket, type ClientOptions } from "ws";
import type { PasswordHasher } from "../features/identity/password-hasher.ts";
import { deriveServerKeys } from "../features/identity/server-keys.ts";
import { createRateLimits, type Limiters } from "../features/rate-limit/rate-limits.ts";
import { roles, type Role } from "../features/roles/role.ts";
import type { Host } from "../host.ts";
import { createServerCore, type ServerCoreParts } from "../server-core.ts";
import { createInProcessBus } from "../storage/bus/in-process-bus.ts";
import { MemoryChunkStore } from "../storage/chunks/memory-chunk-store.ts";
import { openInThreadMetadataStore } from "../storage/metadata/sqlite/open-in-thread.ts";
import { openInThreadSearchIndex } from "../storage/search/sqlite/open-in-thread-search.ts";
import { systemHost } from "../system-host.ts";
import type { Certificate } from "../tls/certificate.ts";
import { createApp } from "./create-app.ts";
import { acceptSockets } from "./sockets/accept-sockets.ts";
import { socketKinds } from "./sockets/socket-kinds.ts";
import type { ConnectionLimits } from "./limits/limit-connections.ts";
import type { App } from "./route-context.ts";

/** Compares in no time: what argon2 does is tested where it is used. */
const plainPasswords: PasswordHasher = {
  hash: async (password) => `plain ${password}`,
  verify: async (stored, password) => stored === `plain ${password}`,
};

export interface TestServerOptions extends Partial<ServerCoreParts> {
  /** Adds routes of the test's own before the server starts. */
  readonly prepare?: (app: App) => void;
  readonly heartbeatMs?: number;
  readonly trustedProxies?: BlockList;
  readonly certificate?: Certificate;
  readonly publicUrl?: string;
  readonly limiters?: Partial<Limiters>;
  /** All if left out. */
  readonly roles?: readonly Role[];
  readonly connections?: Partial<ConnectionLimits>;
  readonly maxRequests?: number;
  readonly docsRoot?: string;
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** A whole server on a free port of 127.0.0.1, in memory, with a clock that a test can move. Ends with the test. */
export async function startTestServer(t: TestContext, options: TestServerOptions = {}) {
  const time = { aheadMs: 0 };
  const host: Host = { ...systemHost, nowMs: () => Date.now() + time.aheadMs };
  const metadata = options.metadata ?? (await openInThreadMetadataStore({ path: ":memory:", randomBytes }));
  const chunks = options.chunks ?? new MemoryChunkStore({ now: host.nowMs });
  const searchIndex =
    options.searchIndex ?? (await openInThreadSearchIndex({ path: ":memory:", key: randomBytes(32) }));
  const bus = options.bus ?? createInProcessBus({ onListenerError: (error) => assertNever(error) });
  const keys = deriveServerKeys(randomBytes(32));
  const core = createServerCore({
    metadata,
    chunks,
    searchIndex,
    bus,
    host,
    keys,
    passwords: plainPasswords,
    retentionMs: 30 * 86_400_000,
    onBackgroundFailure: assertNever,
    ...options,
  });
  const log: string[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => void log.push(line) });
  let isStopping = false;
  const trustedProxies = options.trustedProxies ?? new BlockList();
  const noLimits = { address: undefined, account: undefined, device: undefined, signIn: undefined };
  const limits = createRateLimits({ ...noLimits, ...options.limiters });
  const app = await createApp(
    {
      core,
      publicUrl: options.publicUrl,
      webRoot: undefined,
      docsRoot: options.docsRoot,
      settings: [],
      mailsOut: false,
      isStopping: () => isStopping,
      trustedProxies,
      certificate: options.certificate,
      limits,
      roles: new Set(options.roles ?? roles),
      connections: { maxConnections: 10_000, maxConnectionsPerAddress: 10_000, ...options.connections },
      maxRequests: options.maxRequests ?? 10_000,
    },
    logger,
    options.prepare,
  );
  const kinds = socketKinds(core);
  const held = { roles: new Set(options.roles ?? roles), heartbeatMs: options.heartbeatMs };
  const endSockets = acceptSockets(app.server, { core, kinds, ...held, logger, limits, trustedProxies });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  t.after(async () => {
    isStopping = true;
    endSockets();
    core.hub.close();
    await core.live.close();
    app.server.closeAllConnections();
    await app.close();
    await core.notices.settled();
    await searchIndex.close();
    await metadata.close();
  });
  return {
    url,
    core,
    app,
    log,
    keys,
    metadata,
    chunks,
    searchIndex,
    bus,
    setStopping: () => (isStopping = true),
    moveClock: (byMs: number) => void (time.aheadMs += byMs),
    nowMs: host.nowMs,
    /** A new account with one device. */
    async signUp(name: string, quotaBytes: number | null = null): Promise<TestDevice> {
      await core.accounts.add({
        name,
        email: `${name}@example.org`,
        password: passwordOf(name),
        isAdmin: false,
        quotaBytes,
      });
      return signInAs(url, name);
    },
    signIn: (name: string) => signInAs(url, name),
  };
}

export function passwordOf(name: string): string {
  return `password of ${name}`;
}

function assertNever(error: unknown): never {
  throw error;
}

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly body: Body;
}

export interface CallOptions {
  readonly json?: unknown;
  readonly raw?: string | Uint8Array;
  readonly headers?: Record<string, string>;
}

/** One request; JSON answers are parsed. */
export async function call<Body = Problem>(
  url: string,
  method: string,
  options: CallOptions = {},
): Promise<Answer<Body>> {
  const body = options.json === undefined ? options.raw : JSON.stringify(options.json);
  const response = await fetch(url, {
    method,
    headers: { ...(options.json !== undefined && { "content-type": "application/json" }), ...options.headers },
    ...(body !== undefined && { body: body as string }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isJson = bytes.length > 0 && response.headers.get("content-type")?.includes("json");
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    body: (isJson ? JSON.parse(Buffer.from(bytes).toString()) : undefined) as Body,
  };
}

async function signInAs(url: string, name: string): Promise<TestDevice> {
  const { body } = await call<LoginResponse>(`${url}/v1/auth/login`, "POST", {
    json: { user: name, password: passwordOf(name), device_name: "test" },
  });
  return new TestDevice(url, body);
}

/** A signed-in device, speaking plain HTTP. */
export class TestDevice {
  readonly url: string;
  readonly login: LoginResponse;

  constructor(url: string, login: LoginResponse) {
    this.url = url;
    this.login = login;
  }

  get root() {
    return rootEntryId(this.login.workspace_id);
  }

  get authorization() {
    return { authorization: `Bearer ${this.login.access_token}` };
  }

  newId() {
    return makeEntryId(this.login.workspace_id, randomBytes(idPartBytes));
  }

  get<Body = Problem>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return call<Body>(this.url + path, "GET", { headers: { ...this.authorization, ...headers } });
  }

  post<Body = Problem>(path: string, json: unknown, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return call<Body>(this.url + path, "POST", { json, headers: { ...this.authorization, ...headers } });
  }

  postFrame<Body = Problem>(
    path: string,
    head: unknown,
    pieces: readonly Uint8Array[],
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const raw = Buffer.concat(encodeFrame(head, pieces));
    return call<Body>(this.url + path, "POST", {
      raw,
      headers: { ...this.authorization, "content-type": frameMediaType, ...headers },
    });
  }

  /** Where the feed is. */
  async cursor(): Promise<Cursor> {
    return (await this.get<ChangesPage>("/v1/sync/changes")).body.cursor;
  }

  async commit(operations: readonly CommitOperation[], pieces: readonly Uint8Array[] = []): Promise<CommitResponse> {
    const head = {
      workspace_id: this.login.workspace_id,
      seen: await this.cursor(),
      operations,
      ...(pieces.length > 0 && { carried: pack(pieces) }),
    };
    return (await this.postFrame<CommitResponse>("/v1/sync/commit", head, pieces)).body;
  }

  /** Commits a new file of one chunk in the root folder, and returns its id. */
  async putFile(name: string, text: string, parentId = this.root) {
    const id = this.newId();
    const bytes = Buffer.from(text);
    const response = await this.commit(
      [{ op: "create_file", id, parent_id: parentId, name, content: contentOf([bytes]) }],
      [bytes],
    );
    const [result] = response.results;
    if (result?.status !== "done" || !result.version_id)
      throw new Error(`the file was not made: ${JSON.stringify(response)}`);
    return { id, versionId: result.version_id, response };
  }

  /** An open WebSocket, with what it hears. Ends with the test. */
  async listen(t: TestContext, query = "", options: ClientOptions = {}): Promise<TestSocket> {
    const socket = new WebSocket(`${this.url.replace("http", "ws")}/v1/sync/notifications${query}`, {
      headers: this.authorization,
      ...options,
    });
    t.after(() => socket.terminate());
    const heard = new TestSocket(socket);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return heard;
  }
}

/** Messages of a WebSocket, taken one at a time. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly #messages: unknown[] = [];
  readonly #waiting: ((message: unknown) => void)[] = [];
  readonly closed: Promise<number>;

  constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once("close", (code) => resolve(code)));
    socket.on("message", (data: Buffer) => {
      const message: unknown = JSON.parse(data.toString());
      const waiting = this.#waiting.shift();
      if (waiting) waiting(message);
      else this.#messages.push(message);
    });
  }

  async next<Message>(): Promise<Message> {
    if (this.#messages.length > 0) return this.#messages.shift() as Message;
    return (await new Promise<unknown>((resolve) => this.#waiting.push(resolve))) as Message;
  }
}

export function sha256(...pieces: readonly (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

/** Base64 of packed chunks: binary hash and size of each. */
export function pack(pieces: readonly Uint8Array[]): string {
  const packed = pieces.map((piece) => {
    const one = Buffer.alloc(36);
    one.set(Buffer.from(sha256(piece), "hex"));
    one.writeUInt32BE(piece.length, 32);
    return one;
  });
  return Buffer.concat(packed).toString("base64");
}

export function versionHashOf(pieces: readonly Uint8Array[]): VersionHash {
  return sha256(...pieces.map((piece) => Buffer.from(sha256(piece), "hex"))) as VersionHash;
}

export function contentOf(pieces: readonly Uint8Array[]) {
  return {
    version_hash: versionHashOf(pieces),
    size: pieces.reduce((sum, piece) => sum + piece.length, 0),
    chunks: pack(pieces),
    modified: "2026-01-31T12:00:00.000Z",
    executable: false,
  };
}
