import type { EntryId, WorkspaceId } from "@satchel/protocol";
import { limboId } from "@satchel/reconcile";
import type { StateStore } from "../state/state-store.ts";

/** A folder of this one that stands for a shared workspace, where it is on the disk now. */
export interface Mount {
  readonly workspaceId: WorkspaceId;
  /** From the root, with '/'. */
  readonly path: string;
}

/** Who keeps the shared folders that are mounted in this one: each has an engine of its own. */
export interface MountHost {
  /** The mounts that are in place, each time that changed. */
  placed(mounts: readonly Mount[]): void;
  /**
   * The folder is shared with this account no more, or not wanted here: ends its engine and takes off the disk what is safe on the server. Answers whether all of it is gone; what stays is an ordinary
   * folder from then on.
   */
  withdraw(mount: Mount): Promise<boolean>;
}

/** Which folders are mounts. It outlives their end on the server, since what is in them must not be taken for this workspace's own until they are withdrawn. [EN100] */
export class MountBook {
  readonly #state: StateStore;
  readonly #mounts: Map<EntryId, WorkspaceId>;
  #told = "[]";

  constructor(state: StateStore) {
    this.#state = state;
    this.#mounts = new Map(JSON.parse(state.setting("mounts") ?? "[]") as [EntryId, WorkspaceId][]);
  }

  find(id: EntryId): WorkspaceId | undefined {
    return this.#mounts.get(id);
  }

  has(id: EntryId): boolean {
    return this.#mounts.has(id);
  }

  /** In a transaction of the caller's, also where it was known: the books may have been undone. */
  add(id: EntryId, workspaceId: WorkspaceId): void {
    this.#mounts.set(id, workspaceId);
    this.#remember();
    this.#forgetBelow(id);
  }

  /** In a transaction of the caller's. */
  remove(id: EntryId): void {
    if (this.#mounts.delete(id)) this.#remember();
  }

  /** A transfer that was under way when a folder became a mount may have written down what it put there. */
  tidy(): void {
    if (this.#mounts.size === 0) return;
    this.#state.transaction(() => {
      for (const id of this.#mounts.keys()) {
        const isKnown = this.#state.local.find(id) ?? this.#state.remote.find(id) ?? this.#state.synced.find(id);
        if (isKnown) this.#forgetBelow(id);
        else this.remove(id);
      }
    });
  }

  /** Those that are on the disk, by path. */
  placed(): Mount[] {
    const placed: Mount[] = [];
    for (const [id, workspaceId] of this.#mounts) {
      const path = this.#state.localPath(id);
      const isThere = path !== undefined && this.#state.local.find(id)?.parentId !== limboId;
      if (isThere) placed.push({ workspaceId, path });
    }
    return placed.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  }

  /** Tells where the mounts are now, if that changed since it was told. */
  tell(host: MountHost | undefined): void {
    const placed = this.placed();
    const told = JSON.stringify(placed);
    if (told === this.#told) return;
    this.#told = told;
    host?.placed(placed);
  }

  #forgetBelow(id: EntryId): void {
    const { local, remote, synced } = this.#state;
    for (const tree of [local, remote, synced]) {
      const children = tree.children(id).map((child) => child.id);
      if (children.length > 0) for (const each of tree.removeSubtrees(children)) this.#state.unmark(each);
    }
  }

  #remember(): void {
    this.#state.setSetting("mounts", JSON.stringify([...this.#mounts]));
  }
}
