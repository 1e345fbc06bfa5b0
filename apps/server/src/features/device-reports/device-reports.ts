import {
  restReportMs,
  workReportMs,
  workspaceOfEntry,
  type DeviceActivity,
  type DeviceId,
  type DeviceReport,
  type DeviceReported,
  type Presence,
  type WorkspaceId,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus, ReportingDevice } from "../../storage/bus/bus.ts";
import type { IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { Authorisation, Caller } from "../authorisation/authorisation.ts";
import type { Principal } from "../identity/principal.ts";
import type { NotificationHub } from "../notifications/notification-hub.ts";

/** Devices whose reports are remembered; of more, the one that reported longest ago is forgotten. */
export const maxReportingDevices = 10_000;

/** What devices say that they do: told on, remembered while it is good, and written down nowhere. */
export interface DeviceReports {
  /** @throws not_found for files in a workspace that the caller isn't a member of */
  report(caller: Caller, report: DeviceReport): Promise<void>;
  /** The device's last connection to this process ended: what it said holds no longer. */
  left(principal: Principal): void;
  activityOf(deviceId: DeviceId): DeviceActivity | null;
  /** What is being brought into the workspace now, as it is told to who begins to watch. */
  arrivingIn(workspaceId: WorkspaceId): string[];
  /** The same, for who asks once. */
  bringing(workspaceId: WorkspaceId): Presence["arriving"];
}

interface Told {
  readonly device: ReportingDevice;
  readonly report: DeviceReport;
  readonly atMs: number;
}

interface DeviceReportsParts {
  readonly authorisation: Authorisation;
  readonly store: Pick<IdentityStore, "findDevice">;
  readonly bus: Bus;
  readonly hub: Pick<NotificationHub, "tellWatchers">;
  readonly host: Host;
}

export function createDeviceReports({ authorisation, store, bus, hub, host }: DeviceReportsParts): DeviceReports {
  /** In the order of their reports. */
  const told = new Map<DeviceId, Told>();

  function find(deviceId: DeviceId): Told | undefined {
    const known = told.get(deviceId);
    const isGood =
      known && host.nowMs() < known.atMs + (known.report.state === "syncing" ? workReportMs : restReportMs);
    if (known && !isGood) told.delete(deviceId);
    return isGood ? known : undefined;
  }

  const busyIn = (workspaceId: WorkspaceId): Told[] =>
    [...told.values()].filter(({ device, report }) => find(device.id) && placesOf(report).has(workspaceId));

  function hear(device: ReportingDevice, report: DeviceReport | null, atMs: number): void {
    const before = find(device.id);
    told.delete(device.id);
    if (report) told.set(device.id, { device, report, atMs });
    const [oldest] = told.keys();
    if (oldest !== undefined && told.size > maxReportingDevices) told.delete(oldest);
    const places = new Set([device.rootWorkspaceId, ...placesOf(before?.report), ...placesOf(report)]);
    for (const place of places) hub.tellWatchers(place, describe(device, report, place));
  }

  bus.subscribe((message) => {
    if (message.kind === "device_reported") hear(message.device, message.report, message.atMs);
    if (message.kind !== "device_revoked") return;
    const known = told.get(message.deviceId);
    if (known) hear(known.device, null, host.nowMs());
  });

  return {
    async report(caller, report) {
      for (const workspaceId of placesOf(report)) await authorisation.requireWorkspace(caller, workspaceId);
      const found = await store.findDevice(caller.deviceId);
      const name = found?.device.name ?? "";
      bus.publish({ kind: "device_reported", device: reporting(caller, name), report, atMs: host.nowMs() });
    },
    left(principal) {
      const known = told.get(principal.deviceId);
      if (known) bus.publish({ kind: "device_reported", device: known.device, report: null, atMs: host.nowMs() });
    },
    activityOf: (deviceId) => activityOf(find(deviceId)?.report ?? null),
    arrivingIn: (workspaceId) => busyIn(workspaceId).map(({ device, report }) => describe(device, report, workspaceId)),
    bringing: (workspaceId) =>
      busyIn(workspaceId).map(({ device, report }) => ({
        user: device.userName,
        device: device.name,
        files: filesIn(report, workspaceId),
      })),
  };
}

function reporting({ deviceId, accountId, userName, rootWorkspaceId }: Principal, name: string): ReportingDevice {
  return { id: deviceId, name, accountId, userName, rootWorkspaceId };
}

function placesOf(report: DeviceReport | null | undefined): Set<WorkspaceId> {
  return new Set(report?.arriving.map(({ folder_id }) => workspaceOfEntry(folder_id)));
}

function activityOf(report: DeviceReport | null): DeviceActivity | null {
  if (!report) return null;
  const { state, uploads, downloads, bytes } = report;
  return { state, uploads, downloads, bytes };
}

/** What those in one workspace are told: of its own files only, and in the account's root folder what the device does as a whole. */
function describe(device: ReportingDevice, report: DeviceReport | null, workspaceId: WorkspaceId): string {
  const arriving = report ? filesIn(report, workspaceId) : [];
  return JSON.stringify({
    event: "device_reported",
    workspace_id: workspaceId,
    device_id: device.id,
    device: device.name,
    user: device.userName,
    arriving,
    ...(workspaceId === device.rootWorkspaceId && { activity: activityOf(report) }),
  } satisfies DeviceReported);
}

function filesIn({ arriving }: DeviceReport, workspaceId: WorkspaceId): DeviceReport["arriving"] {
  return arriving.filter(({ folder_id: id }) => workspaceOfEntry(id) === workspaceId);
}
