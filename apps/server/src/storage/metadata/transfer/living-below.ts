import { ProblemError, workspaceOfEntry } from "@satchel/protocol";
import { entryColumns, type EntryRow } from "../rows/entry-row.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { byParent, childrenOfListed, folderPages } from "../sharing/folders-below.ts";

/** The most entries that are brought to another workspace at once: it happens in one transaction, and is told as a whole. */
export const maxTransferredEntries = 5000;

const [living] = byParent;

/**
 * The entry with all living ones below it, parents before their children, and how deep folders lie in it.
 * @throws share_nested when a share is mounted in it, limit_exceeded when these are more than {@link maxTransferredEntries}
 */
export async function livingBelow(
  session: SqlSession,
  top: EntryRow,
): Promise<{ readonly entries: readonly EntryRow[]; readonly depth: number }> {
  const workspaceId = workspaceOfEntry(top.entry_id);
  const entries = [top];
  let depth = 0;
  for (let level = top.type === "folder" ? [top] : []; level.length > 0; depth += 1) {
    const next: EntryRow[] = [];
    for (const page of folderPages(level.map((row) => row.entry_id))) {
      const found = await session.all<EntryRow>(
        `SELECT ${entryColumns("e")} FROM ${childrenOfListed(session.dialect, living)} LIMIT $3`,
        [workspaceId, page, maxTransferredEntries + 1],
      );
      entries.push(...found);
      if (found.some((row) => row.mounts !== null))
        throw new ProblemError("share_nested", "There is a shared folder in it");
      if (entries.length > maxTransferredEntries)
        throw new ProblemError("limit_exceeded", `At most ${maxTransferredEntries} entries go over at once`);
      next.push(...found.filter((row) => row.type === "folder"));
    }
    level = next;
  }
  return { entries, depth };
}
