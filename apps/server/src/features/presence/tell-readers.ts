import type { AccountId, EntryId } from "@satchel/protocol";
import type { HistoryStore } from "../../storage/metadata/history-store.ts";
import type { Notices, Told } from "../notices/notices.ts";
import type { PublishCommit } from "../sync/commit-publisher.ts";

/** Changes of one commit that are looked into: more aren't made by hand. */
const maxLookedInto = 20;

interface ReaderParts {
  readonly notices: Pick<Notices, "find">;
  readonly history: Pick<HistoryStore, "listVersions">;
  readonly readersOf: (fileId: EntryId) => ReadonlySet<AccountId>;
}

/** The same, with those who have a file open told that somebody else has made a new version of it. Nobody waits for it. [PR6] */
export function tellingReaders(publish: PublishCommit, { notices, history, readersOf }: ReaderParts): PublishCommit {
  return (commit) => {
    publish(commit);
    const updated = commit.outcome.changes.filter(({ kind, entry }) => kind === "updated" && entry.type === "file");
    for (const { entry } of updated.slice(0, maxLookedInto)) {
      const readers = readersOf(entry.id);
      if (readers.size > 0) notices.find(() => findTold(history, entry, readers));
    }
  };
}

async function findTold(
  history: ReaderParts["history"],
  { id, name }: { readonly id: EntryId; readonly name: string },
  readers: ReadonlySet<AccountId>,
): Promise<Told[]> {
  const [latest] = (await history.listVersions({ id, after: undefined, limit: 1 })).versions;
  const by = latest?.author_id;
  if (by === undefined) return [];
  const others = [...readers].filter((accountId) => accountId !== by);
  return others.map((accountId) => ({
    accountId,
    kind: "open_file_updated",
    subject: id,
    by,
    detail: { name, entry: id },
  }));
}
