import { createArchive } from "../features/archive/archive.ts";
import { noticingUploads } from "../features/notices/noticing-uploads.ts";
import { auditedLinks } from "../features/links/audited-links.ts";
import { auditedUploads } from "../features/links/audited-uploads.ts";
import { auditedVisits, linkUseMs } from "../features/links/audited-visits.ts";
import { createLinkVisits } from "../features/links/link-visits.ts";
import { createLinkUploads, type LinkUploadParts } from "../features/links/link-uploads.ts";
import { createLinks } from "../features/links/links.ts";
import { createAttemptLimiter } from "../features/identity/attempts/attempt-limiter.ts";
import { createInProcessCache } from "../storage/cache/in-process-cache.ts";
import type { Audit } from "../features/audit/audit.ts";
import type { Notices } from "../features/notices/notices.ts";
import type { Previews } from "../features/previews/previews.ts";
import type { Quarantine } from "../features/malware/quarantine.ts";
import type { ServerCoreParts } from "../server-core.ts";

/** Links of which it is remembered that a use was recorded. */
const maxCachedUses = 1000;

/** Files and folders as one, and addresses that show things to people without an account: for who makes them, and for who opens them. */
export function openLinks(
  { metadata, host, keys, passwords }: ServerCoreParts,
  {
    audit,
    notices,
    previews,
    ...who
  }: Pick<LinkUploadParts, "authorisation" | "content" | "transfer" | "publish"> & {
    readonly previews: Previews;
    readonly quarantine: Quarantine;
    readonly audit: Audit;
    readonly notices: Notices;
  },
) {
  const linkParts = {
    ...who,
    links: metadata.links,
    identity: metadata.identity,
    tree: metadata.tree,
    passwords,
    attempts: createAttemptLimiter({
      store: metadata.attempts,
      key: keys.attempts,
      realm: "links",
      nowMs: host.nowMs,
    }),
    keys,
    host,
  };
  const archive = createArchive(linkParts);
  const recorded = createInProcessCache<true>({
    timeToLiveMs: linkUseMs,
    maxEntries: maxCachedUses,
    nowMs: host.nowMs,
  });
  return {
    archive,
    links: auditedLinks(createLinks(linkParts), audit),
    linkVisits: auditedVisits(createLinkVisits({ ...linkParts, archive, previews }), audit, recorded),
    linkUploads: noticingUploads(auditedUploads(createLinkUploads(linkParts), audit), notices),
  };
}
