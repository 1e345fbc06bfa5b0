import type { Audit } from "../features/audit/audit.ts";
import type { Authorisation } from "../features/authorisation/authorisation.ts";
import { auditedComments } from "../features/comments/audited-comments.ts";
import { createComments, type Comments } from "../features/comments/comments.ts";
import { noticingComments } from "../features/notices/noticing-comments.ts";
import { noticingSharing } from "../features/notices/noticing-sharing.ts";
import type { Notices } from "../features/notices/notices.ts";
import { auditedSharing } from "../features/sharing/audited-sharing.ts";
import { createSharing, type Sharing } from "../features/sharing/sharing.ts";
import type { PublishCommit } from "../features/sync/commit-publisher.ts";
import type { ServerCoreParts } from "../server-core.ts";

interface Known {
  readonly authorisation: Authorisation;
  readonly audit: Audit;
  readonly notices: Notices;
}

/** Folders that several accounts have; every change is in the audit log, and those whom it is about are told. */
export function openSharing(
  { metadata: { shares, identity }, bus, host }: ServerCoreParts,
  { authorisation, audit, notices, publish }: Known & { readonly publish: PublishCommit },
): Sharing {
  const sharing = createSharing({ authorisation, shares, identity, publish, bus, host });
  return noticingSharing(auditedSharing(sharing, audit), { notices, shares, identity });
}

/** What people say about files. */
export function openComments(
  { metadata, bus, host, keys }: ServerCoreParts,
  { authorisation, audit, notices }: Known,
): Comments {
  const { comments: store, tree } = metadata;
  const comments = createComments({ store, tree, authorisation, bus, host, key: keys.comments });
  return noticingComments(auditedComments(comments, audit), { notices, metadata });
}
