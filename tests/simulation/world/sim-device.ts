import { LoginRevokedError } from "@satchel/api-client";
import {
  DiskError,
  ignoreRulesOf,
  openVirtualDisk,
  seenOn,
  RootChangedError,
  SyncEngine,
  VirtualFileSystem,
  type DiskErrorCode,
  type IgnoreRules,
  type NameRules,
  type Server,
} from "@satchel/engine";
import type { CommitResponse, EntryId, WorkspaceId } from "@satchel/protocol";
import type { SeededRandom } from "@satchel/testkit";
import type { Network } from "./network.ts";
import { Process } from "./process.ts";
import { ReusableDatabase } from "./reusable-database.ts";
import type { Scheduler } from "./scheduler.ts";
import { linkToServer } from "./sim-link.ts";
import type { Login, SimServer } from "./sim-server.ts";
import { simWatcher, type WatcherHabits } from "./sim-watcher.ts";
import type { TokenDrawer } from "./sim-tokens.ts";
import { slowDisk } from "./slow-disk.ts";
import type { Trace } from "./trace.ts";

/** A call of the disk begins up to so much later. */
const diskCallMs = 1;
/** So long it takes a person to sign in again. */
const signInMs = 3000;
const diskFaults: readonly DiskErrorCode[] = ["full", "denied", "failed"];

const entryColumns =
  "substr(id, -5), '=', coalesce(substr(parent_id, -5), '-'), name, type, coalesce(substr(content_hash, 1, 6), '-'), modified_ms, executable";
const unsettledEntries = `
  SELECT 'remote', ${entryColumns}, coalesce(version_id, '-') FROM remote WHERE id IN (SELECT id FROM changed)
  UNION ALL SELECT 'local', ${entryColumns}, CASE known WHEN 1 THEN 'known' ELSE 'unknown' END FROM local WHERE id IN (SELECT id FROM changed)
  UNION ALL SELECT 'synced', ${entryColumns}, coalesce(version_id, '-') FROM synced WHERE id IN (SELECT id FROM changed)
  UNION ALL SELECT 'changed', substr(id, -5), '', '', '', '', '', '', '', '' FROM changed
  ORDER BY 2, 1`;

interface DeviceParts {
  readonly name: string;
  readonly server: SimServer;
  readonly login: Login;
  readonly network: Network;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly trace: Trace;
  /** How far its clock is from the others'. */
  readonly clockOffsetMs: number;
  /** Whether `.satchelignore` means something. */
  readonly hasIgnoreRules: boolean;
  /** What names its disk can hold. */
  readonly nameRules: NameRules;
  /** Whether its plans know only of what they must, as those of very large folders. */
  readonly plansNarrowly: boolean;
  /** Whether it shows a token with each request. */
  readonly hasTokens: boolean;
  /** Whether it merges texts; if left out, not, since whoever knows contents as wholes doesn't find them in a merge. */
  readonly mergesTexts?: boolean;
  readonly onCommitted: (request: Parameters<Server["commit"]>[0], response: CommitResponse) => void;
}

interface Run {
  readonly process: Process;
  readonly engine: SyncEngine;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  /** Resolves when it crashes. */
  readonly died: PromiseWithResolvers<void>;
  /** Severs what a dead process leaves open. */
  readonly cut: () => void;
}

/** A device: a disk and a state database, which stay, and a program that runs on them, ends, crashes and runs again. */
export class SimDevice {
  readonly #parts: DeviceParts;
  readonly #database = ReusableDatabase.take("device");
  readonly name: string;
  readonly network: Network;
  readonly files: VirtualFileSystem;
  habits: WatcherHabits;
  /** How often a call of the disk fails. */
  diskFailures = 0;
  /** What can't be read for now. */
  readonly lockedPaths = new Set<string>();
  /** Called when the engine is about to put something in its place. */
  onPlacing: ((path: string) => void) | undefined;
  clockOffsetMs: number;
  /** What the person here has it leave out. */
  readonly #excluded = new Set<EntryId>();
  #login: Login;
  /** With which the person here goes on when the one that it has was ended. */
  #nextLogin: Login | undefined;
  #drawer: TokenDrawer;
  #wasAway = false;
  #takenRoot: ReturnType<VirtualFileSystem["unmount"]>;
  #run: Run | undefined;
  /** Why a run ended by itself: a fault of the engine, or a question to a person that nobody gave a reason for. */
  failure: Error | undefined;

  constructor(parts: DeviceParts, habits: WatcherHabits) {
    this.#parts = parts;
    this.name = parts.name;
    this.#login = parts.login;
    this.#drawer = drawerOf(parts.login, parts.clockOffsetMs);
    this.network = parts.network;
    this.habits = habits;
    this.clockOffsetMs = parts.clockOffsetMs;
    this.files = new VirtualFileSystem({
      nowNs: () => BigInt(this.#nowMs()) * 1_000_000n,
      nameRules: parts.nameRules,
    });
    this.files.mount();
  }

  /** The running program. @throws when there is none */
  get engine(): SyncEngine {
    if (!this.#run) throw new Error(`${this.name} is not running`);
    return this.#run.engine;
  }

  get workspaceId(): WorkspaceId {
    return this.#login.workspaceId;
  }

  get caller(): Login["caller"] {
    return this.#login.caller;
  }

  start(): void {
    if (this.#run) return;
    const { name, server, network, scheduler, random, trace, onCommitted } = this.#parts;
    const [login, drawer] = [this.#login, this.#parts.hasTokens ? this.#drawer : undefined];
    const nowMs = (): number => this.#nowMs();
    const process = new Process({ scheduler, random });
    const disk = openVirtualDisk(this.files, async (operation, path) => {
      await process.pause(random.float() * random.float() * diskCallMs);
      if (operation === "place") this.onPlacing?.(path);
      if (operation !== "prepareRoot" && operation !== "rootIdentity") this.#mayFail(operation, path);
    });
    const link = linkToServer({ name, server, network, process, login, drawer, nowMs, trace, onCommitted });
    let subscription: { close(): void } | undefined;
    const cut = (): void => {
      subscription?.close();
      disk.kill();
      this.#database.close();
    };
    const engine = new SyncEngine({
      statePath: this.#database,
      workspaceId: login.workspaceId,
      disk: slowDisk(disk, {
        name,
        process,
        trace,
        isUnsure: () => this.diskFailures > 0 && random.chance(this.diskFailures / 4),
      }),
      watcher: simWatcher({
        process,
        random,
        habits: () => this.habits,
        listen: (onChange) => this.files.tree.listen(onChange),
        look: (path) => seenOn(this.files, path),
      }),
      server: { ...link, subscribe: (listener) => (subscription = link.subscribe(listener)) },
      clock: { nowMs, sleep: (ms, signal) => sleep({ scheduler, process }, ms, signal) },
      entropy: { bytes: (count) => random.bytes(count) },
      loadIgnoreRules: (toDisk) => Promise.resolve(this.#loadIgnoreRules(toDisk)),
      excluded: [...this.#excluded],
      ...(this.#parts.plansNarrowly && { maxWaitingPlanned: 0, worthStarting: 1, maxFoundAhead: 2 }),
      mergesTexts: this.#parts.mergesTexts ?? false,
      log: (line, details) => trace.add(name, `says: ${line} ${JSON.stringify(details ?? {}, firstLine)}`),
    });
    const abort = new AbortController();
    const ended = engine.run(abort.signal).catch((error: unknown) => this.#onEnd(process, error));
    trace.add(name, "starts");
    this.#run = { process, engine, abort, ended, died: Promise.withResolvers<void>(), cut };
  }

  /** A program that does not find its folder at the start, or can't do anything in it, says so and ends; it is started again when that is over. */
  #onEnd(process: Process, error: unknown): void {
    if (!process.isAlive) return;
    if ((error instanceof RootChangedError && this.#wasAway) || error instanceof DiskError) {
      this.#parts.trace.add(this.name, `ends: ${error.code}`);
      this.crash();
    } else if (error instanceof LoginRevokedError && this.#nextLogin) {
      this.#parts.trace.add(this.name, "ends: signed out");
      this.crash();
      this.#signInAgain();
      this.#parts.scheduler.after(signInMs, () => this.start());
    } else this.failure ??= error instanceof Error ? error : new Error(String(error));
  }

  /** The server ends its login; the person here signs in again when the program has noticed, and said so. */
  async signOut(): Promise<void> {
    const { server, trace, name } = this.#parts;
    // Only who has a login can lose it.
    if (!server.core || this.#nextLogin) return;
    this.#nextLogin = await server.login(name);
    if (!server.core) return;
    trace.add(name, "is signed out at the server");
    await server.signOut(this.#login);
  }

  #signInAgain(): void {
    const login = this.#nextLogin;
    if (!login) return;
    this.#parts.trace.add(this.name, "is signed in again");
    this.#nextLogin = undefined;
    this.#login = login;
    this.#drawer = drawerOf(login, this.clockOffsetMs);
  }

  /** What it leaves out from now on. */
  get excluded(): ReadonlySet<EntryId> {
    return this.#excluded;
  }

  exclude(id: EntryId): void {
    this.#excluded.add(id);
    this.#run?.engine.setExcluded([...this.#excluded]);
  }

  takeIn(ids: readonly EntryId[]): void {
    for (const id of ids) this.#excluded.delete(id);
    this.#run?.engine.setExcluded([...this.#excluded]);
  }

  /** As its engine's; when that ends meanwhile for being signed out, the next one's. */
  async waitSynced(): ReturnType<SyncEngine["waitSynced"]> {
    if (!this.#parts.hasTokens) return this.engine.waitSynced();
    for (;;) {
      const run = this.#run;
      const outcome = run && (await Promise.race([run.engine.waitSynced(), run.died.promise]));
      if (outcome) return outcome;
      await this.#parts.scheduler.sleep(signInMs);
    }
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Which files are left alone, as things are now. `toDisk` says where on the disk a path of the tree is. */
  ignoreRules(toDisk = (path: string): string => path): IgnoreRules {
    return ignoreRulesOf((path) => {
      const entry = this.files.find(toDisk(path));
      return entry?.type === "file" ? Buffer.from(entry.bytes).toString("utf8") : undefined;
    });
  }

  #loadIgnoreRules(toDisk: (path: string) => string): (path: string, isFolder: boolean) => boolean {
    if (!this.#parts.hasIgnoreRules) return () => false;
    const rules = this.ignoreRules(toDisk);
    return (path, isFolder) => rules.find(path, isFolder) !== undefined;
  }

  get isAway(): boolean {
    return this.#takenRoot !== undefined;
  }

  /** The folder's disk is taken away; with `isReplaced` another folder stands in its place. Answers whether it could be. */
  takeRoot({ isReplaced }: { isReplaced: boolean }): boolean {
    // A folder that was never synced is made where it is missing.
    if (this.isAway || !this.#hasBooks()) return false;
    this.#parts.trace.add(this.name, isReplaced ? "has another folder in the place of its own" : "loses its folder");
    this.#takenRoot = this.files.unmount();
    this.#wasAway = true;
    if (!isReplaced) return true;
    this.files.mount();
    this.files.writeFile("somebody else's", Buffer.from("nothing of ours"));
    return true;
  }

  /** Whether it is written down, and not only in the making, which folder is synced. */
  #hasBooks(): boolean {
    const tables = this.#database.prepare("SELECT 1 AS found FROM sqlite_schema WHERE name = 'setting'").get();
    if (tables === undefined || this.#database.isTransaction) return false;
    return this.#database.prepare("SELECT 1 AS found FROM setting WHERE key = 'root'").get() !== undefined;
  }

  returnRoot(): void {
    if (this.#takenRoot === undefined) return;
    this.#parts.trace.add(this.name, "has its folder again");
    this.files.mount(this.#takenRoot);
    this.#takenRoot = undefined;
  }

  /** Ends the program as SIGTERM does. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (!run) return;
    this.#parts.trace.add(this.name, "is asked to end");
    run.abort.abort();
    await Promise.race([run.ended, run.died.promise]);
    if (this.#run !== run) return;
    this.#run = undefined;
    await run.engine.close();
    run.cut();
    this.#parts.trace.add(this.name, "has ended");
  }

  /** Ends the program as SIGKILL does: in the middle of whatever it waits for. */
  crash(): void {
    if (!this.#run) return;
    this.#parts.trace.add(this.name, "crashes");
    this.#run.process.kill();
    this.#run.died.resolve();
    this.#run.cut();
    this.#run = undefined;
  }

  /** The power goes: the program with it, and changes of names that were not made durable. */
  cutPower(): void {
    this.crash();
    const { random, trace } = this.#parts;
    trace.add(this.name, "loses its power");
    this.files.cutPower({
      below: (bound) => random.below(bound),
      tear: (durable, written) =>
        random.chance(0.5) ? durable : written.subarray(0, random.below(written.length + 1)),
    });
  }

  #mayFail(operation: string, path: string): void {
    const { random, trace, name } = this.#parts;
    if (this.lockedPaths.has(path)) throw new DiskError("denied", path, "it is locked");
    if (this.diskFailures === 0 || !random.chance(this.diskFailures)) return;
    const code = random.pick(diskFaults);
    trace.add(name, `${operation} ${path}: ${code}`);
    throw new DiskError(code, path, `the disk says ${code}`);
  }

  close(): void {
    this.crash();
    this.#database.release();
  }

  /** What the three trees say of entries that are not settled, for whoever looks into a failure. */
  describeState(): string[] {
    const rows = this.#database.prepare(unsettledEntries).all();
    return rows.map((row) => `${this.name} ${Object.values(row).join(" ")}`);
  }

  #nowMs(): number {
    return this.#parts.scheduler.nowMs() + this.clockOffsetMs;
  }
}

/** What a device keeps of a login: when its token expires, by the device's own clock. */
function drawerOf({ tokens }: Login, clockOffsetMs: number): TokenDrawer {
  return { tokens: { ...tokens, expiresAtMs: tokens.expiresAtMs + clockOffsetMs } };
}

/** Of a stack only the message: where the checkout lies, and in which line a function stands, is no part of a life. */
function firstLine(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.split("\n", 1)[0] : value;
}

function sleep(
  { scheduler, process }: { scheduler: Scheduler; process: Process },
  ms: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal?.removeEventListener("abort", wake);
      if (process.isAlive) resolve();
    };
    const wake = (): void => {
      scheduler.after(0, done);
    };
    const cancel = scheduler.after(ms, done);
    signal?.addEventListener("abort", wake);
  });
}
