import { formatTimestamp, type AccountId, type DeviceActivity, type DeviceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import type { IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { LedgerStore } from "../../storage/metadata/ledger-store.ts";
import type { Principal } from "./principal.ts";

interface DevicesParts {
  readonly store: IdentityStore;
  readonly ledger: LedgerStore;
  readonly host: Host;
  readonly bus: Bus;
  /** Those that listen for changes now. */
  readonly connectedDevices: () => ReadonlySet<DeviceId>;
  /** What a device said last about what it does. */
  readonly activityOf: (deviceId: DeviceId) => DeviceActivity | null;
}

export type Devices = ReturnType<typeof createDevices>;

/** An account's view of itself and of its devices. */
export function createDevices({ store, ledger, host, bus, connectedDevices, activityOf }: DevicesParts) {
  return {
    async list(principal: Principal) {
      const devices = await store.listDevices(principal.accountId);
      const connected = connectedDevices();
      return devices
        .filter((device) => device.revokedAtMs === null)
        .map((device) => ({
          device_id: device.id,
          kind: device.kind,
          name: device.name,
          client_id: device.clientId,
          scopes: device.scopes === null ? null : device.scopes.split(" "),
          created: formatTimestamp(device.createdAtMs),
          last_seen: device.lastSeenAtMs === null ? null : formatTimestamp(device.lastSeenAtMs),
          current: device.id === principal.deviceId,
          connected: connected.has(device.id),
          activity: activityOf(device.id),
        }));
    },
    /** The device's tokens and connections end now. Whoever asks does so on a device, or (null) with a browser. @throws not_found */
    async revoke(asker: { accountId: AccountId; deviceId: DeviceId | null }, deviceId: DeviceId): Promise<void> {
      await store.revokeDevice(asker.accountId, deviceId, host.nowMs());
      bus.publish({ kind: "device_revoked", deviceId });
    },
    async account(principal: Principal) {
      const { usedBytes, quotaBytes } = await ledger.accountUsage(principal.accountId);
      return {
        account_id: principal.accountId,
        user: principal.userName,
        email: principal.email,
        is_admin: principal.isAdmin,
        device_id: principal.deviceId,
        workspace_id: principal.rootWorkspaceId,
        used_bytes: usedBytes,
        quota_bytes: quotaBytes,
      };
    },
  };
}
