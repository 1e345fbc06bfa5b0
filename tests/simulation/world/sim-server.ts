import {
  createInProcessBus,
  createServerCore,
  deriveServerKeys,
  MemoryChunkStore,
  openInThreadMetadataStore,
  type Caller,
  type MetadataStore,
  type ServerCore,
} from "@satchel/server";
import { tokensOf, type Tokens } from "@satchel/api-client";
import type { DeviceId, WorkspaceId } from "@satchel/protocol";
import type { SeededRandom } from "@satchel/testkit";
import { ReusableDatabase, type Backup } from "./reusable-database.ts";
import type { Scheduler } from "./scheduler.ts";

const retentionMs = 30 * 24 * 3600 * 1000;
const user = { name: "ann", email: "ann@example.org", password: "correct horse" };

/** A signed-in device, as the server knows it. */
export interface Login {
  readonly caller: Caller;
  readonly deviceId: DeviceId;
  readonly workspaceId: WorkspaceId;
  /** What the device keeps of it, and shows from then on. */
  readonly tokens: Tokens;
}

/** The server: the real core over a database and a chunk store in memory. Its program can end and begin anew; what it stored stays. */
export class SimServer {
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #database: ReusableDatabase;
  readonly metadata: MetadataStore;
  readonly chunks: MemoryChunkStore;
  readonly #signingKey: Uint8Array;
  readonly #onStop = new Set<() => void>();
  /** Undefined while it is down. */
  core: ServerCore | undefined;
  /** Whether an older state was put back. */
  hasGoneBack = false;
  /** How often each chunk was sent, in a commit or by itself. */
  readonly sentChunks = new Map<string, number>();
  /** What listeners of the bus threw: faults of the server. */
  readonly faults: unknown[] = [];

  private constructor(parts: {
    scheduler: Scheduler;
    random: SeededRandom;
    database: ReusableDatabase;
    metadata: MetadataStore;
  }) {
    this.#database = parts.database;
    this.#scheduler = parts.scheduler;
    this.#random = parts.random;
    this.metadata = parts.metadata;
    this.chunks = new MemoryChunkStore({ now: () => parts.scheduler.nowMs() });
    this.#signingKey = parts.random.bytes(32);
  }

  static async open(parts: { readonly scheduler: Scheduler; readonly random: SeededRandom }): Promise<SimServer> {
    const randomBytes = (count: number): Uint8Array => parts.random.bytes(count);
    const database = ReusableDatabase.take("server");
    const metadata = await openInThreadMetadataStore({ path: database, randomBytes });
    const server = new SimServer({ ...parts, database, metadata });
    server.start();
    await server.#running().accounts.add({ ...user, isAdmin: false, quotaBytes: null });
    return server;
  }

  async login(deviceName: string): Promise<Login> {
    const core = this.#running();
    const answer = await core.signIn.login({ user: user.name, password: user.password, deviceName });
    const principal = await core.authenticator.authenticate(`Bearer ${answer.access_token}`);
    const caller = core.authorisation.requireRight(principal, "files.write");
    const tokens = tokensOf(answer, this.#scheduler.nowMs());
    return { caller, deviceId: answer.device_id, workspaceId: answer.workspace_id, tokens };
  }

  /** Ends a device's login. */
  async signOut({ caller, deviceId }: Login): Promise<void> {
    await this.#running().devices.revoke({ accountId: caller.accountId, deviceId: null }, deviceId);
  }

  start(): void {
    this.core = createServerCore({
      metadata: this.metadata,
      chunks: this.chunks,
      bus: createInProcessBus({ onListenerError: (error) => this.faults.push(error) }),
      host: {
        nowMs: () => this.#scheduler.nowMs(),
        randomBytes: (count) => this.#random.bytes(count),
        after: (delayMs, task) => this.#scheduler.after(delayMs, task),
      },
      keys: deriveServerKeys(this.#signingKey),
      // Hashing passwords as in earnest takes longer than a whole simulated life.
      passwords: {
        hash: (password) => Promise.resolve(`plain:${password}`),
        verify: (stored, password) => Promise.resolve(stored === `plain:${password}`),
      },
      retentionMs,
    });
  }

  /** A device sends these. */
  noteSent(chunks: readonly { readonly hash: string }[]): void {
    for (const { hash } of chunks) this.sentChunks.set(hash, (this.sentChunks.get(hash) ?? 0) + 1);
  }

  /** All rows as they are now. */
  backUp(): Backup {
    return this.#database.copyRows();
  }

  /** An older state is put back, by somebody who knows nothing of what came after; the program begins anew. */
  async putBack(backup: Backup): Promise<void> {
    this.hasGoneBack = true;
    this.stop();
    await this.metadata.ping();
    this.#database.putRows(backup);
    this.start();
  }

  /** Ends the program; connections break. */
  stop(): void {
    this.core = undefined;
    for (const ended of this.#onStop) ended();
  }

  onStop(ended: () => void): () => void {
    this.#onStop.add(ended);
    return () => this.#onStop.delete(ended);
  }

  async close(): Promise<void> {
    this.stop();
    await this.metadata.close();
    this.#database.release();
    await this.chunks.close();
  }

  #running(): ServerCore {
    if (this.core === undefined) throw new Error("the server is down");
    return this.core;
  }
}
