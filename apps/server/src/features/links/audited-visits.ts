import type { Cache } from "../../storage/cache/cache.ts";
import type { Audit } from "../audit/audit.ts";
import { currentOrigin } from "../audit/request-origin.ts";
import { networkOf } from "../rate-limit/rate-limits.ts";
import { largePreview } from "../previews/preview-size.ts";
import type { LinkVisits, OpenLink } from "./link-visits.ts";

/** A player asks for a film in hundreds of parts: what one network takes of one link's file in this time is one record. */
export const linkUseMs = 10 * 60_000;

/** The same, with what is taken by a link recorded: by which link, what, and from which address. `recorded` remembers for {@link linkUseMs}. */
export function auditedVisits(visits: LinkVisits, audit: Audit, recorded: Cache<true>): LinkVisits {
  async function record({ link, entry }: OpenLink, taken: string | undefined): Promise<void> {
    const network = networkOf(currentOrigin()?.address ?? "");
    const entryId = taken ?? entry.id;
    await recorded.getOrFill(`${link.id} ${entryId} ${network}`, async () => {
      const detail = { link: link.id, entry: entryId };
      await audit.record({ action: "link_used", accountId: link.accountId, actor: null, deviceId: null, detail });
      return true;
    });
  }

  return {
    ...visits,
    async file(open, fileId) {
      const file = await visits.file(open, fileId);
      await record(open, fileId);
      return file;
    },
    async picture(open, fileId, size) {
      const picture = await visits.picture(open, fileId, size);
      // A list shows small ones of everything; the large one is looked at.
      if (size === largePreview) await record(open, fileId);
      return picture;
    },
    async archive(open, folderId) {
      const archive = await visits.archive(open, folderId);
      await record(open, folderId);
      return archive;
    },
  };
}
