import {
  workReportMs,
  type ArrivingFile,
  type DeviceActivity,
  type DeviceId,
  type DeviceReported,
  type EntryId,
} from "@satchel/protocol";

/** Files that one device brings into one folder now. */
export interface Arriving {
  readonly deviceId: DeviceId;
  readonly device: string;
  readonly user: string;
  readonly names: readonly string[];
}

interface Known {
  readonly reported: DeviceReported;
  readonly forgetting: ReturnType<typeof setTimeout>;
}

const none: readonly Arriving[] = [];

/** What devices told that they do, as long as that is good. This browser's own uploads are shown elsewhere. */
export class DeviceReports {
  readonly #own: DeviceId;
  /** By device and workspace: each is told for itself. */
  readonly #known = new Map<string, Known>();
  readonly #watchers = new Set<() => void>();
  readonly #activityWatchers = new Set<(deviceId: DeviceId, activity: DeviceActivity | null) => void>();
  #byFolder = new Map<EntryId, Arriving[]>();

  constructor(own: DeviceId) {
    this.#own = own;
  }

  hear(reported: DeviceReported): void {
    const { device_id: deviceId, workspace_id: workspaceId, arriving, activity } = reported;
    if (activity !== undefined) for (const onActivity of this.#activityWatchers) onActivity(deviceId, activity);
    if (deviceId === this.#own) return;
    const key = `${deviceId} ${workspaceId}`;
    clearTimeout(this.#known.get(key)?.forgetting);
    this.#known.delete(key);
    if (arriving.length > 0) {
      const forgetting = setTimeout(() => {
        this.#known.delete(key);
        this.#show();
      }, workReportMs);
      this.#known.set(key, { reported, forgetting });
    }
    this.#show();
  }

  /** The same object until it changes. */
  arrivingIn(folderId: EntryId): readonly Arriving[] {
    return this.#byFolder.get(folderId) ?? none;
  }

  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => this.#watchers.delete(onChange);
  }

  /** Tells what the account's own devices do; null for one that is gone. */
  watchActivity(onActivity: (deviceId: DeviceId, activity: DeviceActivity | null) => void): () => void {
    this.#activityWatchers.add(onActivity);
    return () => this.#activityWatchers.delete(onActivity);
  }

  #show(): void {
    this.#byFolder = new Map();
    for (const { reported } of this.#known.values()) {
      const { device_id: deviceId, device, user } = reported;
      for (const [folderId, names] of namesByFolder(reported.arriving))
        this.#byFolder.set(folderId, [...this.arrivingIn(folderId), { deviceId, device, user, names }]);
    }
    for (const onChange of this.#watchers) onChange();
  }
}

function namesByFolder(arriving: readonly ArrivingFile[]): Map<EntryId, string[]> {
  const folders = new Map<EntryId, string[]>();
  for (const { folder_id: id, name } of arriving) folders.set(id, [...(folders.get(id) ?? []), name]);
  return folders;
}
