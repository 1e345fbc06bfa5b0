import type { EntryId, PresenceChanged, PresenceDoing, WorkspaceId } from "@satchel/protocol";

/** Somebody who has a file open. */
export interface PersonAt {
  readonly user: string;
  readonly device: string;
  readonly doing: PresenceDoing;
}

const nobody: readonly PersonAt[] = [];

/** Who else has which file open, as far as it was told: other accounts, not other windows of this one. The server says when somebody is gone. */
export class PresentPeople {
  /** What tells this window from the others of its login. */
  readonly client = crypto.getRandomValues(new Uint32Array(4)).join("-");
  /** By workspace, then by window or device. */
  readonly #known = new Map<WorkspaceId, Map<string, PresenceChanged>>();
  readonly #watchers = new Set<() => void>();
  readonly #own: string;
  #byFile = new Map<EntryId, PersonAt[]>();

  constructor(own: string) {
    this.#own = own;
  }

  hear(told: PresenceChanged): void {
    const { workspace_id: workspaceId, device_id: deviceId, client, user, open } = told;
    if (user === this.#own) return;
    const there = this.#known.get(workspaceId) ?? new Map<string, PresenceChanged>();
    if (open.length > 0) this.#known.set(workspaceId, there.set(`${deviceId} ${client}`, told));
    else there.delete(`${deviceId} ${client}`);
    this.#show();
  }

  /** What happens there isn't told any more; whoever is told again is told of all. */
  forget(workspaceId: WorkspaceId): void {
    if (this.#known.delete(workspaceId)) this.#show();
  }

  /** Each account once, who edits before who looks. The same object until it changes. */
  at(fileId: EntryId): readonly PersonAt[] {
    return this.#byFile.get(fileId) ?? nobody;
  }

  readonly watch = (onChange: () => void): (() => void) => {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  };

  #show(): void {
    this.#byFile = new Map();
    for (const { user, device, open } of [...this.#known.values()].flatMap((there) => [...there.values()]))
      for (const { file_id: id, doing } of open) {
        const others = this.at(id).filter((other) => other.user !== user);
        const before = this.at(id).find((other) => other.user === user);
        this.#byFile.set(id, [...others, before && before.doing !== "viewing" ? before : { user, device, doing }]);
      }
    for (const onChange of this.#watchers) onChange();
  }
}
