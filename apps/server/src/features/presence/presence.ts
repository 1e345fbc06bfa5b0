import {
  workspaceOfEntry,
  type AccountId,
  type EntryId,
  type Presence,
  type PresenceChanged,
  type PresenceReport,
  type Present,
  type WorkspaceId,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import type { IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import type { DeviceReports } from "../device-reports/device-reports.ts";
import type { Principal } from "../identity/principal.ts";
import type { NotificationHub } from "../notifications/notification-hub.ts";
import { PresentClients, type PresentClient } from "./present-clients.ts";

/** Who has which file open: told on, remembered by lease, and written down nowhere. */
export interface PresenceBook {
  /** @throws not_found for files in a workspace that the caller isn't a member of */
  report(caller: Caller, report: PresenceReport): Promise<void>;
  /** @throws not_found */
  list(caller: Caller, workspaceId: WorkspaceId): Promise<Presence>;
  /** The device's last connection to this process ended: nothing is open there any more. */
  left(principal: Principal): void;
  /** What those in the workspace have open, as it is told to who begins to watch. */
  presentIn(workspaceId: WorkspaceId): string[];
  /** Accounts that have the file open, but for those in a live session. */
  readersOf(fileId: EntryId): ReadonlySet<AccountId>;
}

interface PresenceParts {
  readonly authorisation: Authorisation;
  readonly store: Pick<IdentityStore, "findDevice">;
  readonly reports: Pick<DeviceReports, "bringing">;
  readonly bus: Bus;
  readonly hub: Pick<NotificationHub, "tellWatchers">;
  readonly host: Host;
}

export function createPresence({ authorisation, store, reports, bus, hub, host }: PresenceParts): PresenceBook {
  const clients = new PresentClients();
  let isWatching = false;

  function tell(changed: readonly PresentClient[]): void {
    for (const present of changed) hub.tellWatchers(present.workspaceId, describeChange(present));
    watchLeases();
  }

  /** One timer, and only while somebody is there. */
  function watchLeases(): void {
    // Each report comes by here, and finding the end goes through all.
    const endMs = isWatching ? undefined : clients.nextEndMs;
    if (endMs === undefined) return;
    isWatching = true;
    host.after(Math.max(1, endMs - host.nowMs()), () => {
      isWatching = false;
      tell(clients.drop(({ untilMs }) => untilMs <= host.nowMs()));
    });
  }

  bus.subscribe((message) => {
    if (message.kind === "presence_reported")
      tell(clients.hear(message.device, message.client, message.open, host.nowMs()));
    if (message.kind === "device_revoked") tell(clients.drop(({ device }) => device.id === message.deviceId));
    // Maybe one about a lost role: all are told anew, and who is there says so again.
    if (message.kind === "gap") clients.drop(() => true);
    // Who still has a role there says so again.
    if (message.kind === "rights_changed")
      tell(
        clients.drop(
          ({ device, workspaceId }) => device.accountId === message.accountId && workspaceId === message.workspaceId,
        ),
      );
  });

  return {
    async report(caller, { client, open }) {
      const found = await store.findDevice(caller.deviceId);
      // Last, so that a role that is lost meanwhile counts.
      for (const workspaceId of new Set(open.map(({ file_id: id }) => workspaceOfEntry(id))))
        await authorisation.requireWorkspace(caller, workspaceId);
      const { deviceId: id, accountId, userName, rootWorkspaceId } = caller;
      const device = { id, name: found?.device.name ?? "", accountId, userName, rootWorkspaceId };
      bus.publish({ kind: "presence_reported", device, client, open });
    },
    async list(caller, workspaceId) {
      await authorisation.requireWorkspace(caller, workspaceId);
      return { present: clients.in(workspaceId).map(describe), arriving: reports.bringing(workspaceId) };
    },
    left({ deviceId, accountId, userName, rootWorkspaceId }) {
      const device = { id: deviceId, name: "", accountId, userName, rootWorkspaceId };
      for (const client of clients.clientsOf(deviceId))
        bus.publish({ kind: "presence_reported", device, client, open: [] });
    },
    presentIn: (workspaceId) => clients.in(workspaceId).map(describeChange),
    readersOf: (fileId) => clients.readersOf(fileId),
  };
}

function describe({ device, client, open }: PresentClient): Present {
  return { device_id: device.id, client, user: device.userName, device: device.name, open: [...open] };
}

function describeChange(present: PresentClient): string {
  const changed: PresenceChanged = {
    event: "presence_changed",
    workspace_id: present.workspaceId,
    ...describe(present),
  };
  return JSON.stringify(changed);
}
