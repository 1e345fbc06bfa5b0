import type { Audit } from "../audit/audit.ts";
import type { LinkUploads } from "./link-uploads.ts";

/** The same, with every file that comes in by a link recorded: by which link, what, and from which address. */
export function auditedUploads(uploads: LinkUploads, audit: Audit): LinkUploads {
  return {
    async put(open, folderId, file) {
      const taken = await uploads.put(open, folderId, file);
      const { id: link, accountId } = open.link;
      const detail = { change: "uploaded", link, entry: taken.id };
      await audit.record({ action: "link_used", accountId, actor: null, deviceId: null, detail });
      return taken;
    },
  };
}
