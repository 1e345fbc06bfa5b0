import { ProblemError, type EntryId, type VersionId } from "@satchel/protocol";
import type { ChangeSet } from "../commit/change-set.ts";
import type { VersionContent } from "../commit/content.ts";
import type { EntryRow } from "../rows/entry-row.ts";
import { freeName } from "./free-name.ts";
import { PastTree } from "./past-tree.ts";
import { undelete } from "./undelete.ts";
import { contentOfVersion, readVersions } from "./version-content.ts";
import { wakeDescendants } from "./wake-descendants.ts";

/** What an entry is to become again. */
interface Target {
  readonly row: EntryRow;
  readonly parentId: EntryId;
  readonly name: string;
  readonly versionId: VersionId | null;
  readonly conflictOf: EntryId | null;
}

/**
 * Takes an entry back to how it was at an instant: a file to its version of then, a folder with all that was in it then. What came into the folder since goes back to where it was, or to the trash. The entry itself stays where it is now.
 * Entries that were pruned since are lost to it.
 */
export async function restoreInstant(changes: ChangeSet, row: EntryRow, atMs: number): Promise<void> {
  await undelete(changes, row);
  await changes.flush();
  const past = await PastTree.read(changes, atMs);
  if (!past.existed(row.entry_id)) throw new ProblemError("not_found", "It did not exist at that time");
  const targets: Target[] = [];
  const leaving: EntryRow[] = [];
  for (const id of row.type === "folder" ? past.changedEntries() : [row.entry_id]) {
    const now = changes.tree.find(id);
    if (!now || (id === row.entry_id && row.type === "folder")) continue;
    const then = past.stateOf(id);
    const isInside = changes.tree.isAlive(now) && changes.tree.isWithin(id, row.entry_id);
    const wasInside = id === row.entry_id || past.wasWithin(id, row.entry_id);
    if (!isInside && !wasInside) continue;
    if (then && (wasInside || past.wasAlive(id)) && then.parent_id !== null) {
      const place =
        id === row.entry_id
          ? { parentId: now.parent_id ?? then.parent_id, name: now.name }
          : { parentId: then.parent_id, name: then.name };
      targets.push({ row: now, ...place, versionId: then.version_id, conflictOf: then.conflict_of });
    } else {
      leaving.push(now);
    }
  }
  await applyTargets(changes, past, { folder: row, targets, leaving });
}

async function applyTargets(
  changes: ChangeSet,
  past: PastTree,
  { folder, targets, leaving }: { folder: EntryRow; targets: Target[]; leaving: EntryRow[] },
): Promise<void> {
  const contents = await readContents(changes, targets);
  await changes.tree.load(targets.map((target) => target.parentId));
  await changes.tree.loadHolders(targets);
  // From the top down, so that the folder that something returns to is in its place already.
  targets.sort((one, other) => past.depthOf(one.row.entry_id) - past.depthOf(other.row.entry_id));
  const moving = new Set([...targets.map(({ row }) => row.entry_id), ...leaving.map((row) => row.entry_id)]);
  const returned: EntryId[] = [];
  for (const target of targets) {
    moving.delete(target.row.entry_id);
    if (isImpossible(changes, target, folder)) continue;
    if (target.row.deleted_at_ms !== null && target.row.type === "folder") returned.push(target.row.entry_id);
    await applyTarget(changes, { target, content: contents.get(target), leaving: moving });
  }
  // Deletions come last in the feed: what was saved from a folder is told before the folder's end.
  for (const row of leaving) deleteNow(changes, row);
  await wakeReturned(changes, returned);
}

/** The folder that is taken back has itself moved into what was in it, or the place of then is no more. */
function isImpossible({ tree }: ChangeSet, { row, parentId }: Target, folder: EntryRow): boolean {
  if (row.entry_id !== folder.entry_id && tree.isWithin(folder.entry_id, row.entry_id)) return true;
  return tree.findAlive(parentId)?.type !== "folder" || tree.isWithin(parentId, row.entry_id);
}

async function applyTarget(
  changes: ChangeSet,
  { target, content, leaving }: { target: Target; content: VersionContent | undefined; leaving: ReadonlySet<EntryId> },
): Promise<void> {
  const { row, parentId, conflictOf } = target;
  const name = await freeName(changes, target, leaving);
  const isThere = row.parent_id === parentId && row.name === name && row.deleted_at_ms === null;
  if (isThere && !content && row.conflict_of === conflictOf) return;
  const place = { parent_id: parentId, name, conflict_of: conflictOf, deleted_at_ms: null, deleted_by: null };
  changes.change({ ...row, ...place }, "restored", content);
}

function deleteNow(changes: ChangeSet, row: EntryRow): void {
  const { nowMs, author } = changes.context;
  if (row.deleted_at_ms !== null) return;
  changes.change({ ...row, deleted_at_ms: nowMs, deleted_by: author.accountId }, "deleted");
}

/** Contents of the targets whose version is another now; where that version was pruned, the present one stays. */
async function readContents(changes: ChangeSet, targets: readonly Target[]): Promise<Map<Target, VersionContent>> {
  const wanted = targets.flatMap((target) =>
    target.versionId !== null && target.versionId !== target.row.version_id
      ? [{ id: target.row.entry_id, versionId: target.versionId, target }]
      : [],
  );
  const versions = await readVersions(changes, wanted);
  const contents = new Map<Target, VersionContent>();
  for (const { versionId, target } of wanted) {
    const version = versions.get(versionId);
    if (version) contents.set(target, contentOfVersion(version));
  }
  return contents;
}

/** Folders inside other returned ones are woken with these. */
async function wakeReturned(changes: ChangeSet, returned: readonly EntryId[]): Promise<void> {
  const outermost = returned.filter(
    (id) => !returned.some((other) => other !== id && changes.tree.isWithin(id, other)),
  );
  for (const id of outermost) await wakeDescendants(changes, id);
}
