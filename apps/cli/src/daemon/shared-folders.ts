import type { Mount, MountHost } from "@satchel/engine";
import type { SharesResponse, WorkspaceId } from "@satchel/protocol";
import type { EngineStatus, SyncEngine } from "./sync-engine.ts";
import type { SyncEvent } from "./control-protocol.ts";

/** An engine of one shared folder. */
export interface ShareEngine extends Pick<
  SyncEngine,
  "run" | "status" | "openInEditors" | "item" | "waitSynced" | "pause" | "resume" | "onEvent" | "close"
> {
  /** Takes off the disk what is safe on the server. Only while it doesn't run. */
  withdraw(): Promise<void>;
  /** Gives back what was kept at hand. */
  shrink(): void;
}

export interface SharedFoldersParts {
  /** Opens the engine of a shared folder at a place in the synced one. `onDoubt`: the account's role there may have changed. */
  readonly open: (
    mount: Mount,
    how: { readonly isViewOnly: boolean; readonly onDoubt: () => void },
  ) => Promise<ShareEngine>;
  readonly shares: () => Promise<SharesResponse>;
  /** Removes what the engine kept in the folder for itself, and the folder if it is empty then. Answers whether it is gone. */
  readonly clear: (mount: Mount) => Promise<boolean>;
  /** Forgets what the device remembers of the folder, which a new engine finds out again. */
  readonly forget: (mount: Mount) => Promise<void>;
  readonly log: (line: string) => void;
}

/** How a folder stands whose engine doesn't run. */
const failed = { state: "error", pending: { uploads: 0, downloads: 0, bytes: 0 } } as const;

/** How long after a failure the next try comes. */
const retryMs = 5000;
/** Doubts that come together are one question. */
const doubtMs = 200;

interface Running {
  readonly mount: Mount;
  readonly isViewOnly: boolean;
  readonly engine: ShareEngine;
  readonly stopping: AbortController;
  ended: Promise<void>;
}

/** Keeps an engine for each shared folder that is mounted, where it is mounted, as long as it is, with the role that the account has there. One step at a time. */
export class SharedFolders implements MountHost {
  readonly #parts: SharedFoldersParts;
  readonly #running = new Map<WorkspaceId, Running>();
  readonly #listeners = new Set<(event: SyncEvent) => void>();
  readonly #stateListeners = new Set<() => void>();
  /** Why an engine that is wanted doesn't run. */
  readonly #failures = new Map<WorkspaceId, EngineStatus["issues"][number]>();
  #wanted: readonly Mount[] = [];
  #steps: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isPaused = false;
  #isClosed = false;

  constructor(parts: SharedFoldersParts) {
    this.#parts = parts;
  }

  placed(mounts: readonly Mount[]): void {
    this.#wanted = mounts;
    this.#adaptSoon();
  }

  async withdraw(mount: Mount): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#step(async () => resolve(await this.#withdraw(mount)));
    return promise;
  }

  /** Engines of shared folders, each with its place. */
  list(): { readonly path: string; readonly engine: ShareEngine }[] {
    return [...this.#running.values()].map(({ mount, engine }) => ({ path: mount.path, engine }));
  }

  /** The engine of the shared folder that a path lies in, and the path within it. */
  at(path: string): { readonly engine: ShareEngine; readonly path: string } | undefined {
    const found = this.list().find((each) => path.startsWith(`${each.path}/`));
    return found && { engine: found.engine, path: path.slice(found.path.length + 1) };
  }

  /** Resolves when every engine that is wanted runs, as far as that is possible now. */
  async settled(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.#steps;) {
      seen = this.#steps;
      await seen;
    }
  }

  /** Resolves when all that was on either side is in step, in every engine that runs until then. */
  async waitSynced(): Promise<void> {
    await this.settled();
    const endless = { timeoutMs: null, signal: new AbortController().signal };
    const running = [...this.#running.values()];
    await Promise.all(running.map(({ engine, ended }) => Promise.race([engine.waitSynced(endless), ended])));
  }

  statuses(): EngineStatus[] {
    const running = this.list().map(({ path, engine }) => {
      const status = engine.status();
      const issues = status.issues.map((issue) => ({ ...issue, path: joined(path, issue.path) }));
      return { ...status, issues };
    });
    return [...running, ...[...this.#failures.values()].map((issue) => ({ ...failed, issues: [issue] }))];
  }

  shrink(): void {
    for (const { engine } of this.list()) engine.shrink();
  }

  pause(): void {
    this.#isPaused = true;
    for (const { engine } of this.list()) engine.pause();
  }

  resume(): void {
    this.#isPaused = false;
    for (const { engine } of this.list()) engine.resume();
  }

  onEvent(listener: (event: SyncEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** Told when the state of one of them is another one. */
  onState(listener: () => void): void {
    this.#stateListeners.add(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#step(async () => {
      for (const workspaceId of this.#running.keys()) await this.#stop(workspaceId);
    });
    await this.settled();
  }

  #step(work: () => Promise<void>): void {
    this.#steps = this.#steps.then(work).catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#parts.log(
      `a shared folder could not be kept in step: ${error instanceof Error ? error.message : String(error)}`,
    );
    this.#adaptIn(retryMs);
  }

  #adaptSoon(): void {
    this.#step(() => this.#adapt());
  }

  #adaptIn(delayMs: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#adaptSoon(), delayMs);
    this.#timer.unref();
  }

  /** Ends engines whose folder is elsewhere or nowhere now, or whose role changed, and begins those that are missing. */
  async #adapt(): Promise<void> {
    if (this.#isClosed) return;
    const wanted = new Map(this.#wanted.map((mount) => [mount.workspaceId, mount]));
    for (const workspaceId of this.#failures.keys()) if (!wanted.has(workspaceId)) this.#failures.delete(workspaceId);
    for (const [workspaceId, { mount }] of this.#running)
      if (wanted.get(workspaceId)?.path !== mount.path) await this.#stop(workspaceId);
    if (wanted.size === 0) return;
    const { shares } = await this.#parts.shares();
    const roles = new Map(shares.map(({ workspace_id, role }) => [workspace_id, role]));
    for (const [workspaceId, mount] of wanted) {
      const role = roles.get(workspaceId);
      const running = this.#running.get(workspaceId);
      const isViewOnly = role === "viewer";
      if (running && (role === undefined || running.isViewOnly !== isViewOnly)) await this.#stop(workspaceId);
      if (role !== undefined && !this.#running.has(workspaceId)) await this.#start(mount, isViewOnly);
    }
  }

  async #start(mount: Mount, isViewOnly: boolean): Promise<void> {
    const engine = await this.#parts.open(mount, { isViewOnly, onDoubt: () => this.#adaptIn(doubtMs) });
    const stopping = new AbortController();
    const running: Running = { mount, isViewOnly, engine, stopping, ended: Promise.resolve() };
    engine.onEvent((event) => {
      const told = typeof event["path"] === "string" ? { ...event, path: joined(mount.path, event["path"]) } : event;
      // The state is that of all together, which the folder's own engine tells.
      if (event.event === "state") for (const listener of this.#stateListeners) listener();
      else for (const listener of this.#listeners) listener(told);
    });
    if (this.#isPaused) engine.pause();
    running.ended = engine.run(stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) this.#onEnded(mount, error);
    });
    this.#running.set(mount.workspaceId, running);
    this.#failures.delete(mount.workspaceId);
  }

  /** A folder that the account's engine says is the mount, and that isn't the one of before, is merged as at the first time: nothing is deleted on either side. */
  #onEnded(mount: Mount, error: unknown): void {
    const { workspaceId, path } = mount;
    const message = error instanceof Error ? error.message : String(error);
    const code =
      error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "sync_failed";
    this.#parts.log(`the shared folder ${path} stopped: ${message}`);
    const isAnother = code === "root_replaced" || code === "root_emptied";
    this.#step(async () => {
      await this.#stop(workspaceId);
      if (isAnother) await this.#parts.forget(mount);
      else this.#failures.set(workspaceId, { path, code, message });
    });
    this.#adaptIn(isAnother ? 0 : retryMs);
  }

  async #stop(workspaceId: WorkspaceId): Promise<void> {
    const running = this.#running.get(workspaceId);
    if (!running) return;
    this.#running.delete(workspaceId);
    running.stopping.abort();
    await running.ended;
    await running.engine.close();
  }

  async #withdraw(mount: Mount): Promise<boolean> {
    this.#wanted = this.#wanted.filter(({ workspaceId }) => workspaceId !== mount.workspaceId);
    await this.#stop(mount.workspaceId);
    const engine = await this.#parts.open(mount, { isViewOnly: true, onDoubt: () => undefined });
    try {
      await engine.withdraw();
    } catch (error) {
      // What can't be told to be safe on the server stays.
      this.#parts.log(
        `the shared folder ${mount.path} stays: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      await engine.close();
    }
    await this.#parts.forget(mount);
    return await this.#parts.clear(mount);
  }
}

function joined(folder: string, path: string): string {
  return path === "" ? folder : `${folder}/${path}`;
}
