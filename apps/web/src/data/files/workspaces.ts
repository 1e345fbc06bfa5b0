import type { ApiClient, Subscription } from "@satchel/api-client";
import {
  workspaceOfEntry,
  type CommitOperation,
  type CommitResult,
  type EntryId,
  type EntryState,
  type WorkspaceId,
} from "@satchel/protocol";
import { FolderStore } from "./folder-store.ts";
import { Workspace, type Connection, type FollowHandlers } from "./workspace.ts";

/** Shared folders whose feeds are followed at a time: those that were used last. Each costs a connection. */
const maxFollowed = 8;

interface SharedWorkspace {
  readonly workspace: Workspace;
  readonly following: Subscription;
}

/** All that the account sees: its own tree, and the shared folders that are looked at. Every change goes to the workspace whose entries it names. */
export class Workspaces {
  /** The account's own. */
  readonly id: WorkspaceId;
  readonly folders: FolderStore;
  readonly #api: ApiClient;
  readonly #home: Workspace;
  /** In the order of their last use. */
  readonly #shared = new Map<WorkspaceId, Promise<SharedWorkspace>>();
  readonly #changeWatchers = new Set<(changes: readonly EntryState[]) => void>();

  readonly #commentWatchers = new Set<(fileId: EntryId) => void>();
  #handlers: Pick<FollowHandlers, "onDevice" | "onPresence"> = {};

  private constructor(api: ApiClient, home: Workspace, folders: FolderStore) {
    this.#api = api;
    this.#home = home;
    this.id = home.id;
    this.folders = folders;
    home.watchChanges((changes) => {
      for (const { mounts, deleted } of changes) if (mounts !== undefined && deleted) this.#drop(mounts);
      this.#tell(changes);
    });
  }

  static async open(api: ApiClient, id: WorkspaceId): Promise<Workspaces> {
    const folders = new FolderStore(api);
    return new Workspaces(api, await Workspace.open(api, id, folders), folders);
  }

  /** Follows the account's own feed until the subscription is closed. `onEnd`: the login is no longer valid. */
  follow(handlers: FollowHandlers): Subscription {
    this.#handlers = handlers;
    return this.#home.follow({ onComments: this.#onComments, ...handlers });
  }

  /** Whether the account's own feed is followed. */
  connection(): Connection {
    return this.#home.connection();
  }

  watchConnection(onChange: () => void): () => void {
    return this.#home.watchConnection(onChange);
  }

  /** Tells every change of what is followed once it was applied to the listings. */
  watchChanges(onChange: (changes: readonly EntryState[]) => void): () => void {
    this.#changeWatchers.add(onChange);
    return () => this.#changeWatchers.delete(onChange);
  }

  /** Tells of which files what people say about them changed, where that is followed. */
  watchComments(onChange: (fileId: EntryId) => void): () => void {
    this.#commentWatchers.add(onChange);
    return () => this.#commentWatchers.delete(onChange);
  }

  readonly #onComments: FollowHandlers["onComments"] = ({ file_id: fileId }) => {
    for (const onChange of this.#commentWatchers) onChange(fileId);
  };

  /** Follows the workspace that the folder is in: before it is listed, so that no change falls in between. @throws ProblemError not_found */
  async prepare(folderId: EntryId): Promise<void> {
    await this.#workspaceOf(folderId);
  }

  /** Applies operations of one workspace in one transaction, each with its result; those of several, one after the other. The listings show them when it returns. */
  async commit(operations: readonly CommitOperation[]): Promise<readonly CommitResult[]> {
    const results: CommitResult[] = [];
    for (const [entryId, batch] of byWorkspace(operations))
      results.push(...(await (await this.#workspaceOf(entryId)).commit(batch)));
    return results;
  }

  /** Looks at the feeds now: what a call other than `commit` changed is then shown. */
  async refresh(): Promise<void> {
    const shared = await Promise.all([...this.#shared.values()].map((opening) => opening.catch(() => undefined)));
    await Promise.all([this.#home.refresh(), ...shared.map((one) => one?.workspace.refresh())]);
  }

  async #workspaceOf(entryId: EntryId): Promise<Workspace> {
    const id = workspaceOfEntry(entryId);
    if (id === this.id) return this.#home;
    const opening = this.#shared.get(id) ?? this.#open(id);
    this.#shared.delete(id);
    this.#shared.set(id, opening);
    const [oldest] = this.#shared.keys();
    if (oldest !== undefined && this.#shared.size > maxFollowed) this.#drop(oldest);
    try {
      return (await opening).workspace;
    } catch (error) {
      if (this.#shared.get(id) === opening) this.#shared.delete(id);
      throw error;
    }
  }

  async #open(id: WorkspaceId): Promise<SharedWorkspace> {
    const workspace = await Workspace.open(this.#api, id, this.folders);
    workspace.watchChanges((changes) => this.#tell(changes));
    // That the login ended, the account's own subscription tells as well.
    return {
      workspace,
      following: workspace.follow({
        onEnd: () => undefined,
        onComments: this.#onComments,
        onDevice: (told) => this.#handlers.onDevice?.(told),
        onPresence: (told, of) => this.#handlers.onPresence?.(told, of),
      }),
    };
  }

  #drop(id: WorkspaceId): void {
    const opening = this.#shared.get(id);
    this.#shared.delete(id);
    this.#handlers.onPresence?.(null, id);
    opening?.then(({ following }) => following.close()).catch(() => undefined);
    // Nothing keeps them true any more.
    this.folders.forget(id);
  }

  #tell(changes: readonly EntryState[]): void {
    for (const onChange of this.#changeWatchers) onChange(changes);
  }
}

/** Runs of operations of one workspace, each with the id that says which, in their order. */
function byWorkspace(operations: readonly CommitOperation[]): (readonly [EntryId, CommitOperation[]])[] {
  const runs: (readonly [EntryId, CommitOperation[]])[] = [];
  for (const operation of operations) {
    const [entryId, run] = runs.at(-1) ?? [];
    if (entryId !== undefined && workspaceOfEntry(entryId) === workspaceOfEntry(operation.id)) run?.push(operation);
    else runs.push([operation.id, [operation]]);
  }
  return runs;
}
