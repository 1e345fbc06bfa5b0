import type { Host } from "../../host.ts";
import type { IdentityStore } from "../../storage/metadata/identity-store.ts";
import type { Audit, AuditEvent } from "../audit/audit.ts";
import type { Notices } from "./notices.ts";

/** A login was made by the sign-in that is told of, if it is no older than this. */
const newMs = 60_000;

/** The same, with an account told of a login that is new to it. The first one is its own beginning. [NO6] */
export function noticingAudit(
  audit: Audit,
  { notices, store, host }: { readonly notices: Notices; readonly store: IdentityStore; readonly host: Host },
): Audit {
  const look = ({ action, accountId, deviceId }: AuditEvent): void => {
    if (action !== "sign_in" || accountId === null || deviceId == null) return;
    notices.find(async () => {
      const devices = await store.listDevices(accountId);
      const device = devices.find(({ id }) => id === deviceId);
      if (!device || devices.length < 2 || device.createdAtMs < host.nowMs() - newMs) return [];
      return [{ accountId, kind: "new_sign_in", subject: deviceId, detail: { device: device.name } }];
    });
  };
  return {
    ...audit,
    async record(event) {
      await audit.record(event);
      look(event);
    },
  };
}
