import type { Audit } from "../audit/audit.ts";
import type { Links } from "./links.ts";

/** The same, with every link that is made or revoked recorded; never its secret. */
export function auditedLinks(links: Links, audit: Audit): Links {
  return {
    ...links,
    async create(caller, wish) {
      const made = await links.create(caller, wish);
      const { accountId, deviceId } = caller;
      const detail = {
        change: "made",
        link: made.link_id,
        entry: made.entry_id,
        kind: made.kind,
        password: made.has_password,
      };
      await audit.record({ action: "link_changed", accountId, deviceId, detail });
      return made;
    },
    async revoke(caller, linkId) {
      await links.revoke(caller, linkId);
      const { accountId, deviceId } = caller;
      await audit.record({ action: "link_changed", accountId, deviceId, detail: { change: "revoked", link: linkId } });
    },
  };
}
