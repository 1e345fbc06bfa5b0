import type { AccountId, DeviceId } from "@satchel/protocol";
import type { Bus } from "../../../storage/bus/bus.ts";

/** Logins of the account were ended: their next requests are refused, and their connections end. */
export function tellEnded(bus: Bus, accountId: AccountId, devices: readonly DeviceId[]): void {
  bus.publish({ kind: "account_changed", accountId });
  for (const deviceId of devices) bus.publish({ kind: "device_revoked", deviceId });
}
