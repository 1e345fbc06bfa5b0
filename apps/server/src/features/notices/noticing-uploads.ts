import type { LinkUploads } from "../links/link-uploads.ts";
import type { Notices } from "./notices.ts";

/** The same, with a link's maker told what comes by it: until it is read, all that comes by one link is one notice. [NO5] */
export function noticingUploads(uploads: LinkUploads, notices: Notices): LinkUploads {
  return {
    async put(open, folderId, file) {
      const taken = await uploads.put(open, folderId, file);
      const { id: subject, accountId } = open.link;
      const detail = { name: taken.name, folder: open.entry.name, entry: taken.id };
      notices.tell({ accountId, kind: "link_upload", subject, detail });
      return taken;
    },
  };
}
