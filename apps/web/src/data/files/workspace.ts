import type { ApiClient, Subscription, SubscriptionState } from "@satchel/api-client";
import {
  ProblemError,
  type ChangesPush,
  type CommentsChanged,
  type CommitOperation,
  type CommitResult,
  type Cursor,
  type DeviceReported,
  type EntryState,
  type PresenceChanged,
  type WorkspaceId,
} from "@satchel/protocol";
import type { FolderStore } from "./folder-store.ts";

export type Connection = SubscriptionState;

export interface FollowHandlers {
  readonly onEnd: () => void;
  /** What the account shares, is invited to or is told about has changed. */
  readonly onNews?: (() => void) | undefined;
  /** What people say about a file has changed. */
  readonly onComments?: ((changed: CommentsChanged) => void) | undefined;
  /** What a device does. */
  readonly onDevice?: ((reported: DeviceReported) => void) | undefined;
  /** Who has a file open; null when nothing more is told of this workspace. */
  readonly onPresence?: ((changed: PresenceChanged | null, workspaceId: WorkspaceId) => void) | undefined;
}

/** One workspace as this browser sees it: it keeps the listings that it is given true to its change feed, and commits to it. */
export class Workspace {
  readonly id: WorkspaceId;
  readonly #folders: FolderStore;
  readonly #api: ApiClient;
  readonly #watchers = new Set<() => void>();
  readonly #changeWatchers = new Set<(changes: readonly EntryState[]) => void>();
  #cursor: Cursor;
  #connection: Connection = "disconnected";
  /** Feed reading, one at a time and in order. */
  #catchingUp: Promise<void> = Promise.resolve();

  private constructor(api: ApiClient, id: WorkspaceId, cursor: Cursor, folders: FolderStore) {
    this.id = id;
    this.#api = api;
    this.#cursor = cursor;
    this.#folders = folders;
  }

  /** The place in the feed is asked for first, so that no change can fall between a listing and the following of it. */
  static async open(api: ApiClient, id: WorkspaceId, folders: FolderStore): Promise<Workspace> {
    const { cursor } = await api.poll({ workspaceId: id, timeoutSeconds: 0 });
    return new Workspace(api, id, cursor, folders);
  }

  /** Follows the feed until the subscription is closed. `onEnd`: the login is no longer valid. */
  follow({ onEnd, onNews, onComments, onDevice, onPresence }: FollowHandlers): Subscription {
    return this.#api.subscribe({
      workspaceId: this.id,
      cursor: () => this.#cursor,
      onPush: (push) => this.#enqueue(push),
      onState: (state) => {
        this.#connection = state;
        if (state !== "connected") onPresence?.(null, this.id);
        for (const onChange of this.#watchers) onChange();
      },
      onNews,
      onComments,
      onDevice,
      onPresence: (changed) => onPresence?.(changed, this.id),
      onEnd,
    });
  }

  connection(): Connection {
    return this.#connection;
  }

  watchConnection(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }

  /** Tells every change of the workspace once it was applied to the listings. */
  watchChanges(onChange: (changes: readonly EntryState[]) => void): () => void {
    this.#changeWatchers.add(onChange);
    return () => this.#changeWatchers.delete(onChange);
  }

  /** Applies operations in one transaction, each with its result. The listings show them when it returns. */
  async commit(operations: readonly CommitOperation[]): Promise<readonly CommitResult[]> {
    const request = { workspace_id: this.id, seen: this.#cursor, operations: [...operations] };
    const answer = await this.#api.commit(request);
    this.#enqueue({ event: "changes", workspace_id: this.id, before: answer.before, cursor: answer.cursor });
    await this.#catchingUp;
    return answer.results;
  }

  /** Looks at the feed now: what a call other than `commit` changed is then shown. */
  async refresh(): Promise<void> {
    this.#catchingUp = this.#catchingUp.then(() => this.#readFeed()).catch(() => undefined);
    await this.#catchingUp;
  }

  #enqueue(push: ChangesPush): void {
    this.#catchingUp = this.#catchingUp.then(() => this.#take(push)).catch(() => undefined);
  }

  async #take(push: ChangesPush): Promise<void> {
    if (push.cursor === this.#cursor) return;
    if (push.changes && push.before === this.#cursor) {
      this.#cursor = push.cursor;
      this.#apply(push.changes);
    } else await this.#readFeed();
  }

  async #readFeed(): Promise<void> {
    try {
      for (let more = true; more;) {
        const page = await this.#api.changes({ workspaceId: this.id, cursor: this.#cursor });
        this.#cursor = page.cursor;
        more = page.has_more;
        this.#apply(page.changes);
      }
    } catch (error) {
      // Of a login that ended the subscription tells. A cursor that is too old, or of another history, means: start over.
      if (error instanceof ProblemError) await this.#startOver();
    }
  }

  async #startOver(): Promise<void> {
    this.#cursor = (await this.#api.poll({ workspaceId: this.id, timeoutSeconds: 0 })).cursor;
    this.#folders.reloadAll(this.id);
  }

  #apply(changes: readonly EntryState[]): void {
    this.#folders.apply(changes);
    for (const onChange of this.#changeWatchers) onChange(changes);
  }
}
