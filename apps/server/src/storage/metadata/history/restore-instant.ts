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
  readonly id: EntryId;
  readonly parentId: EntryId;
  readonly name: string;
  readonly versionId: VersionId | null;
  readonly conflictOf: EntryId | null;
  readonly conflictBase: VersionId | null;
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
  if (row.type === "folder") await restoreFolder(changes, past, row.entry_id);
  else await restoreContent(changes, past, row.entry_id);
}

async function restoreContent(changes: ChangeSet, past: PastTree, id: EntryId): Promise<void> {
  const row = changes.tree.find(id);
  const target = row?.parent_id ? findTarget(past, id, { parentId: row.parent_id, name: row.name }) : undefined;
  if (target) await applyTargets(changes, [target], new Set());
}

async function restoreFolder(changes: ChangeSet, past: PastTree, folderId: EntryId): Promise<void> {
  const changed = past.changedEntries().filter((id) => id !== folderId && changes.tree.find(id) !== undefined);
  const inside = new Set(changed.filter((id) => past.wasWithin(id, folderId)));
  const strangers = changed.filter((id) => !inside.has(id));
  const byDepth = (one: Target, other: Target) => past.depthOf(one.id) - past.depthOf(other.id);
  // From the top down, so that the folder that something returns to is in its place already.
  const targets = [...inside].flatMap((id) => findTarget(past, id) ?? []).toSorted(byDepth);
  const movable = targets.filter(({ id }) => !changes.tree.isWithin(folderId, id));
  // A stranger that has a name which something returns to is in the folder, so it leaves below.
  const returned = await applyTargets(changes, movable, new Set(strangers));
  const isStillThere = (id: EntryId) => changes.tree.findAlive(id) && changes.tree.isWithin(id, folderId);
  const movedIn = strangers.filter((id) => isStillThere(id) && past.wasAlive(id));
  // What was never in the folder keeps its content.
  const back = movedIn.flatMap((id) => findTarget(past, id) ?? []).map((target) => ({ ...target, versionId: null }));
  await applyTargets(changes, back.toSorted(byDepth), new Set());
  // Deletions come last in the feed: what was saved from a folder is told before the folder's end.
  for (const id of strangers.filter(isStillThere)) deleteNow(changes, id);
  await wakeReturned(changes, returned);
}

function findTarget(past: PastTree, id: EntryId, place?: { parentId: EntryId; name: string }): Target | undefined {
  const then = past.stateOf(id);
  if (!then || then.parent_id === null) return undefined;
  const { parentId, name } = place ?? { parentId: then.parent_id, name: then.name };
  const conflict = { conflictOf: then.conflict_of, conflictBase: then.conflict_base ?? null };
  return { id, parentId, name, versionId: then.version_id, ...conflict };
}

/** Answers the folders that came alive. Names of `leaving` entries, and of those whose turn is still to come, count as free. */
async function applyTargets(
  changes: ChangeSet,
  targets: readonly Target[],
  leaving: ReadonlySet<EntryId>,
): Promise<EntryId[]> {
  const contents = await readContents(changes, targets);
  await changes.tree.load(targets.map((target) => target.parentId));
  await changes.tree.loadHolders(targets);
  const moving = new Set([...leaving, ...targets.map((target) => target.id)]);
  const returned: EntryId[] = [];
  for (const target of targets) {
    moving.delete(target.id);
    const row = changes.tree.find(target.id);
    if (!row || !isPossible(changes, target)) continue;
    if (row.deleted_at_ms !== null && row.type === "folder") returned.push(target.id);
    await applyTarget(changes, row, { target, content: contents.get(target), leaving: moving });
  }
  return returned;
}

/** The place of then may be gone, or lie in the entry itself by now. */
function isPossible({ tree }: ChangeSet, { id, parentId }: Target): boolean {
  return tree.findAlive(parentId)?.type === "folder" && !tree.isWithin(parentId, id);
}

async function applyTarget(
  changes: ChangeSet,
  row: EntryRow,
  { target, content, leaving }: { target: Target; content: VersionContent | undefined; leaving: ReadonlySet<EntryId> },
): Promise<void> {
  const { parentId, conflictOf, conflictBase } = target;
  const name = await freeName(changes, { row, parentId, name: target.name }, leaving);
  const isThere = row.parent_id === parentId && row.name === name && row.deleted_at_ms === null;
  if (isThere && !content && row.conflict_of === conflictOf) return;
  const mark = { conflict_of: conflictOf, conflict_base: conflictBase };
  const place = { parent_id: parentId, name, ...mark, deleted_at_ms: null, deleted_by: null };
  changes.change({ ...row, ...place }, "restored", content);
}

function deleteNow(changes: ChangeSet, id: EntryId): void {
  const { nowMs, author } = changes.context;
  const row = changes.tree.findAlive(id);
  if (row) changes.change({ ...row, deleted_at_ms: nowMs, deleted_by: author.accountId }, "deleted");
}

/** Contents of the targets whose version is another now; where that version was pruned, the present one stays. */
async function readContents(changes: ChangeSet, targets: readonly Target[]): Promise<Map<Target, VersionContent>> {
  const wanted = targets.flatMap((target) => {
    const { id, versionId } = target;
    return versionId !== null && versionId !== changes.tree.find(id)?.version_id ? [{ id, versionId, target }] : [];
  });
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
