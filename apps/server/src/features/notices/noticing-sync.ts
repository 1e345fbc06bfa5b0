import {
  ProblemError,
  workspaceOfEntry,
  type AccountId,
  type CommitOperation,
  type EntryId,
  type VersionState,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Cache } from "../../storage/cache/cache.ts";
import { createInProcessCache } from "../../storage/cache/in-process-cache.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import type { Sync } from "../sync/sync.ts";
import type { Notices, Told } from "./notices.ts";

interface SyncNoticeParts {
  readonly notices: Notices;
  readonly metadata: Pick<MetadataStore, "history" | "access" | "ledger" | "tree">;
  readonly host: Host;
}

/** A folder's storage limit is looked at so often, and told of so often while it stays near. */
const quotaLookMs = 60_000;
const quotaTellMs = 24 * 3600 * 1000;
/** Folders that are remembered for that. */
const maxRemembered = 1000;
/** From this share of the limit on it is nearly full. */
const nearlyFull = 0.9;
/** Changes of one commit that are looked into; what they are about counts together anyway. */
const maxLookedInto = 20;

type Noted = Extract<CommitOperation, { op: "merge_file" | "create_file" | "create_link" | "create_folder" | "move" }>;

/** The same, with those who have a part in it told of merges and of conflicts that wait, and the owner of a folder that its limit is near. Nobody waits for it. [NO5] */
export function noticingSync(sync: Sync, parts: SyncNoticeParts): Sync {
  const remember = (timeToLiveMs: number) =>
    createInProcessCache<true>({ timeToLiveMs, maxEntries: maxRemembered, nowMs: parts.host.nowMs });
  const [looked, told] = [remember(quotaLookMs), remember(quotaTellMs)];
  return {
    ...sync,
    async commit(caller, command) {
      const answer = await sync.commit(caller, command);
      const { operations, workspace_id: workspaceId } = command.request;
      const done = operations.filter((_operation, index) => answer.results[index]?.status === "done");
      const noted = done.filter(isNoted).slice(0, maxLookedInto);
      if (noted.length > 0) parts.notices.find(() => findNews(parts, caller, noted));
      const isOwn = workspaceId === caller.rootWorkspaceId;
      if (isOwn && done.some((operation) => "content" in operation))
        parts.notices.find(() => findFullness(parts, caller, { looked, told }));
      return answer;
    },
  };
}

function isNoted(operation: CommitOperation): operation is Noted {
  return operation.op === "merge_file" || ("conflict_of" in operation && operation.conflict_of !== undefined);
}

async function findNews(parts: SyncNoticeParts, caller: Caller, operations: readonly Noted[]): Promise<Told[]> {
  const news: Told[] = [];
  for (const operation of operations) {
    const about = operation.op === "merge_file" ? operation.id : operation.conflict_of;
    if (about === undefined) continue;
    const name =
      "name" in operation ? operation.name : ((await parts.metadata.tree.findEntry(about))?.entry.name ?? "");
    const detail = { name, entry: operation.id };
    const kind = operation.op === "merge_file" ? "texts_merged" : "conflict_waiting";
    for (const accountId of await concerned(parts, caller, about))
      news.push({ accountId, kind, subject: about, by: caller.accountId, detail });
  }
  return news;
}

/** The versions whose authors may have a part in a merge or a conflict: the merge, and what it was made of. */
const versionsLookedAt = 3;

/** Whoever did it, and whoever had written what it met, if they still have a role there. */
async function concerned({ metadata }: SyncNoticeParts, caller: Caller, about: EntryId): Promise<AccountId[]> {
  const versions = await findVersions(metadata, about);
  const found = new Set<AccountId>([caller.accountId]);
  const workspaceId = workspaceOfEntry(about);
  for (const { author_id: author } of versions)
    if (!found.has(author) && (await metadata.access.findRole(workspaceId, author)) !== undefined) found.add(author);
  return [...found];
}

/** None where the entry is gone for good by now. */
async function findVersions({ history }: SyncNoticeParts["metadata"], id: EntryId): Promise<VersionState[]> {
  try {
    return (await history.listVersions({ id, after: undefined, limit: versionsLookedAt })).versions;
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not_found") return [];
    throw error;
  }
}

async function findFullness(
  { metadata }: SyncNoticeParts,
  { accountId, rootWorkspaceId: workspaceId }: Caller,
  { looked, told }: { readonly looked: Cache<true>; readonly told: Cache<true> },
): Promise<Told[]> {
  const news: Told[] = [];
  await looked.getOrFill(workspaceId, async () => {
    const { usedBytes, quotaBytes } = await metadata.ledger.accountUsage(accountId);
    if (quotaBytes === null || usedBytes < quotaBytes * nearlyFull) {
      told.invalidate(workspaceId);
      return true;
    }
    return await told.getOrFill(workspaceId, async () => {
      news.push({ accountId, kind: "quota_nearly_full", subject: "storage", detail: {} });
      return true;
    });
  });
  return news;
}
