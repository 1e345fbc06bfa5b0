import {
  presenceLeaseMs,
  workspaceOfEntry,
  type AccountId,
  type DeviceId,
  type EntryId,
  type OpenFile,
  type WorkspaceId,
} from "@satchel/protocol";
import type { ReportingDevice } from "../../storage/bus/bus.ts";

/** Windows and programs that are remembered, each for each workspace; of more, the new ones are not. */
export const maxPresentClients = 10_000;
/** Of those in one workspace, so many are remembered and told of: who else is among thousands helps nobody, and telling all of all would be a storm. */
export const maxPresentInWorkspace = 200;
/** Windows and programs of one login, in all workspaces together: nobody fills the room of all. */
export const maxClientsOfDevice = 20;

/** What one window or program has open in one workspace. */
export interface PresentClient {
  readonly device: ReportingDevice;
  readonly client: string;
  readonly workspaceId: WorkspaceId;
  readonly open: readonly OpenFile[];
  readonly untilMs: number;
}

/** Who has what open, by lease: in memory only, and bounded. */
export class PresentClients {
  /** By workspace, then by device and client, in the order of their last word. */
  readonly #known = new Map<WorkspaceId, Map<string, PresentClient>>();
  /** The same, by device: thousands may leave at once. */
  readonly #ofDevice = new Map<DeviceId, Set<PresentClient>>();
  #count = 0;

  /** Answers what is another than before, for each workspace: with an empty list where nothing is open any more. */
  hear(device: ReportingDevice, client: string, open: readonly OpenFile[], nowMs: number): PresentClient[] {
    const said = Map.groupBy(open, ({ file_id: id }) => workspaceOfEntry(id));
    const key = keyOf(device.id, client);
    const before = this.#of(device.id).filter((present) => present.client === client);
    // What was left makes room for what was opened.
    const places = new Set([...before.map(({ workspaceId }) => workspaceId), ...said.keys()]);
    const changed: PresentClient[] = [];
    for (const workspaceId of places) {
      const now = { device, client, workspaceId, open: said.get(workspaceId) ?? [], untilMs: nowMs + presenceLeaseMs };
      const last = this.#known.get(workspaceId)?.get(key);
      if (!this.#put(now)) continue;
      if (JSON.stringify(last?.open ?? []) !== JSON.stringify(now.open)) changed.push(now);
    }
    return changed;
  }

  /** Forgets those whom `isOver` means, and answers them, with nothing open. */
  drop(isOver: (present: PresentClient) => boolean): PresentClient[] {
    const over = [...this.#all()].filter(isOver).map((present) => ({ ...present, open: [] }));
    for (const present of over) this.#put(present);
    return over;
  }

  in(workspaceId: WorkspaceId): PresentClient[] {
    return [...(this.#known.get(workspaceId)?.values() ?? [])];
  }

  clientsOf(deviceId: DeviceId): Set<string> {
    return new Set(this.#of(deviceId).map(({ client }) => client));
  }

  /** Accounts that have the file open, but for those who see each other's words anyway. */
  readersOf(fileId: EntryId): Set<AccountId> {
    const reading = this.in(workspaceOfEntry(fileId)).filter(({ open }) =>
      open.some(({ file_id: id, doing }) => id === fileId && doing !== "live"),
    );
    return new Set(reading.map(({ device }) => device.accountId));
  }

  /** When the first lease ends; undefined while nobody is there. */
  get nextEndMs(): number | undefined {
    const ends = [...this.#all()].map(({ untilMs }) => untilMs);
    return ends.length === 0 ? undefined : ends.reduce((a, b) => Math.min(a, b));
  }

  /** False where there is no room for one more. */
  #put(present: PresentClient): boolean {
    const { workspaceId, device, client, open } = present;
    const there = this.#known.get(workspaceId) ?? new Map<string, PresentClient>();
    const own = this.#ofDevice.get(device.id) ?? new Set<PresentClient>();
    const key = keyOf(device.id, client);
    const last = there.get(key);
    if (last) {
      there.delete(key);
      own.delete(last);
      this.#count -= 1;
    }
    const isFull =
      there.size >= maxPresentInWorkspace || own.size >= maxClientsOfDevice || this.#count >= maxPresentClients;
    const isKept = open.length > 0 && !isFull;
    if (isKept) {
      there.set(key, present);
      own.add(present);
      this.#count += 1;
    }
    keepUnlessEmpty(this.#known, workspaceId, there);
    keepUnlessEmpty(this.#ofDevice, device.id, own);
    return isKept || open.length === 0;
  }

  #of(deviceId: DeviceId): PresentClient[] {
    return [...(this.#ofDevice.get(deviceId) ?? [])];
  }

  *#all(): Iterable<PresentClient> {
    for (const there of this.#known.values()) yield* there.values();
  }
}

function keyOf(deviceId: DeviceId, client: string): string {
  return `${deviceId} ${client}`;
}

function keepUnlessEmpty<K, V extends { readonly size: number }>(map: Map<K, V>, key: K, value: V): void {
  if (value.size > 0) map.set(key, value);
  else map.delete(key);
}
