import { conflictName, ignoreFileName, type EntryId } from "@satchel/protocol";
import { limboId, type LocalItem, type LocalOperation, type Place } from "@satchel/reconcile";
import { agree } from "../books/agree.ts";
import type { Offers } from "../books/offers.ts";
import { followMark } from "../books/follow-mark.ts";
import { pruneBelow } from "../books/prune-below.ts";
import { settle } from "../books/settle.ts";
import type { MountBook, MountHost } from "../mounts/mount-book.ts";
import { DiskError, type Disk, type DiskStat } from "../ports/disk.ts";
import { isLeftBehind } from "../scan/is-left-behind.ts";
import { joinPath } from "../scan/join-path.ts";
import { isSeenAnew, movedRecord, recordOf } from "../scan/observation.ts";
import { limboName, limboPath } from "../state/own-folder.ts";
import type { StateStore } from "../state/state-store.ts";
import { deleteLocal } from "./delete-local.ts";

/** More conflicted copies of one file than anybody will make. */
const maxConflictNames = 10_000;

export interface ApplyContext {
  readonly state: StateStore;
  readonly disk: Disk;
  readonly offers: Pick<Offers, "forgetContent">;
  readonly newId: () => EntryId;
  readonly mounts: Pick<MountBook, "has" | "find" | "remove">;
  readonly mountHost?: MountHost;
  /** What is on the disk is not what the local tree says: look again. */
  readonly lookAgain: (path: string) => void;
  readonly onProblem: (id: EntryId, path: string, error: DiskError) => void;
  /** The disk was not as the plan saw it; a look should tell why. */
  readonly onObstacle: (id: EntryId, path: string, error: DiskError, isIgnoredThere?: boolean) => void;
  readonly isIgnored: (path: string, isFolder: boolean) => boolean;
  /** The disk said that it failed to remove this entry, and may have done it all the same. */
  readonly onUnsure?: (id: EntryId) => void;
  /** @throws when the root is not the one that it was */
  readonly checkRoot: () => Promise<void>;
}

/** The operations on the disk that need no transfer. */
export type StructureOperation = Exclude<LocalOperation, { do: "fetch" }>;

/**
 * Carries out one operation, if the disk is still as the plan saw it; otherwise nothing is done but to look again. The books follow the disk within one step, so that a crash
 * between the two is found by the next scan.
 */
export async function applyLocal(context: ApplyContext, operation: StructureOperation): Promise<boolean> {
  const before = pathOfRules(context.state, operation.id);
  try {
    const isDone = await apply(context, operation);
    // Rules that came or went for the server are in force before anybody is told that all is in step. [EN9]
    const places = isDone ? new Set([before, pathOfRules(context.state, operation.id)]) : [];
    for (const path of places) if (path !== undefined) context.lookAgain(path);
    return isDone;
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    const path = context.state.localPath(operation.id) ?? error.path;
    if (error.code === "changed" || error.code === "exists" || error.code === "gone" || error.code === "not_empty") {
      context.lookAgain(path);
      const isIgnoredThere = error.code === "exists" && (await isLeftBehind(context, error.path));
      context.onObstacle(operation.id, path, error, isIgnoredThere);
      if ("place" in operation) lookAtPlace(context, operation.place);
    } else context.onProblem(operation.id, path, error);
    return false;
  }
}

/** Where the entry is, if it is an ignore file. */
function pathOfRules(state: StateStore, id: EntryId): string | undefined {
  return state.local.find(id)?.name === ignoreFileName ? state.localPath(id) : undefined;
}

async function apply(context: ApplyContext, operation: StructureOperation): Promise<boolean> {
  switch (operation.do) {
    case "make_folder":
      return makeFolder(context, operation.id, operation.place);
    case "set_attributes":
      return setAttributes(context, operation);
    case "move_local":
      return moveLocal(context, operation.id, operation.place);
    case "move_to_limbo":
      return moveToLimbo(context, operation.id);
    case "set_aside":
      return setAside(context, operation);
    case "delete_local":
      return deleteLocal(context, operation.id);
  }
}

async function makeFolder(context: ApplyContext, id: EntryId, place: Place): Promise<boolean> {
  const { state } = context;
  const path = placePath(state, place);
  const remote = state.remote.find(id);
  if (
    path === undefined ||
    !remote ||
    state.local.findChild(place.parentId, place.name) ||
    state.localPath(id) !== undefined
  )
    return false;
  const stat = await makeOrTakeOver(context, path);
  state.transaction(() => {
    state.dropLeftover(stat.inode);
    pruneBelow(state, "local", id);
    state.local.put(recordOf(undefined, { id, ...pick(place) }, stat));
    if (!state.synced.find(id)) agree(state, id, { ...remote, ...pick(place) }, "all");
    settle(state, id);
  });
  return true;
}

/**
 * A folder that was left behind for what is ignored in it is in the way of none but another one, which it becomes [EN23]; and so does one that is ignored itself, which no look will ever tell of: perhaps this
 * program made it, and was killed. [EN27]
 */
async function makeOrTakeOver({ state, disk, isIgnored }: ApplyContext, path: string): Promise<DiskStat> {
  try {
    return await disk.makeFolder(path);
  } catch (error) {
    const there = error instanceof DiskError && error.code === "exists" ? await disk.stat(path) : undefined;
    if (there?.type === "folder" && (state.isLeftover(there.inode) || isIgnored(path, true))) return there;
    throw error;
  }
}

async function setAttributes(
  { state, disk, lookAgain }: ApplyContext,
  operation: StructureOperation & { do: "set_attributes" },
): Promise<boolean> {
  const local = state.local.find(operation.id);
  const path = state.localPath(operation.id);
  if (
    !local ||
    path === undefined ||
    local.content === "unknown" ||
    local.fingerprint === null ||
    local.parentId === null
  )
    return false;
  const { modifiedMs, executable } = operation;
  const stat = await disk.setAttributes(path, { modifiedMs, executable, fingerprint: local.fingerprint });
  state.transaction(() => {
    const { id, parentId, name } = local;
    if (parentId === null) return;
    if (isSeenAnew(state.local.find(id), local.fingerprint, stat)) lookAgain(path);
    const known = stat.inode === local.inode && stat.sizeBytes === local.sizeBytes && stat.modifiedMs === modifiedMs;
    const record = recordOf(known ? { ...local, fingerprint: stat.fingerprint } : local, { id, parentId, name }, stat);
    state.local.put(record);
    const remote = state.remote.find(id);
    if (remote && remote.modifiedMs === modifiedMs && remote.executable === executable)
      agree(state, id, remote, "attributes");
    settle(state, id);
  });
  return true;
}

async function moveLocal(context: ApplyContext, id: EntryId, place: Place): Promise<boolean> {
  const { state } = context;
  const to = placePath(state, place);
  if (to === undefined || state.local.findChild(place.parentId, place.name)) return false;
  const moved = await rename(context, id, to, place);
  // What was written in a folder until now may yet be told of by its old name. [EN93]
  if (moved && state.local.find(id)?.type === "folder") context.lookAgain(`${to}/`);
  const remote = state.remote.find(id);
  if (moved && remote && remote.parentId === place.parentId && remote.name === place.name) {
    state.transaction(() => {
      followMark(state, id, remote.conflictOf);
      if (state.synced.find(id)) agree(state, id, remote, "place");
      settle(state, id);
    });
  }
  return moved;
}

async function moveToLimbo(context: ApplyContext, id: EntryId): Promise<boolean> {
  return rename(context, id, limboPath(limboName(id)), { parentId: limboId, name: limboName(id) });
}

/** Renames on the disk an entry that is still the one that the local tree tells of. */
async function rename(
  { state, disk, lookAgain }: ApplyContext,
  id: EntryId,
  to: string,
  place: Place,
): Promise<boolean> {
  const local = state.local.find(id);
  const from = state.localPath(id);
  if (!local || from === undefined) return false;
  const there = await disk.stat(from);
  if (there?.inode !== local.inode) {
    lookAgain(from);
    return false;
  }
  const stat = await moveOfType(disk, local.type, { from, to });
  state.transaction(() => {
    const current = state.local.find(id);
    if (current) state.local.put(movedRecord(current, pick(place), stat));
  });
  return true;
}

/**
 * Moves what is there. Where something of another type came there since the last look at it (a person exchanged a file and a folder), that is not what was meant, and no entry of the server's is both: it goes back.
 * [EN123] @throws DiskError `changed`; `exists` where it can't go back, since somebody was quicker again
 */
async function moveOfType(
  disk: Disk,
  type: LocalItem["type"],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<DiskStat> {
  const stat = await disk.move(from, to);
  if (stat.type === type) return stat;
  await disk.move(to, from);
  throw new DiskError("changed", from, "it is not of the type that it was");
}

/**
 * Gives the local entry the first free conflict name. The books are written first: after a crash in between, the scan finds the entry still at its old name and it is simply set aside again, while the other
 * order would make an ordinary move of it.
 */
async function setAside(context: ApplyContext, operation: StructureOperation & { do: "set_aside" }): Promise<boolean> {
  const { state, disk, newId, lookAgain } = context;
  const local = state.local.find(operation.id);
  const from = state.localPath(operation.id);
  if (!local || from === undefined || local.parentId === null) return false;
  if (local.content === "known" && local.fingerprint !== null) {
    const there = await disk.stat(from);
    if (there?.inode !== local.inode) {
      lookAgain(from);
      return false;
    }
  }
  const place = { parentId: local.parentId, name: await freeConflictName(context, local.parentId, local.name) };
  const id = operation.split ? newId() : local.id;
  const base = state.synced.find(local.id);
  state.transaction(() => {
    if (operation.split) {
      state.local.remove(local.id);
      state.synced.remove(local.id);
    }
    state.local.put({ ...local, id, ...place, conflictOf: operation.conflictOf });
    if (operation.split && base?.type === local.type && base.versionId !== null)
      state.conflictBases.put(id, base.versionId);
  });
  try {
    const to = joinPath(state.localPath(place.parentId) ?? "", place.name);
    const stat = await moveOfType(disk, local.type, { from, to });
    // What was written in a folder until now may yet be told of by its old name. [EN93]
    if (local.type === "folder") lookAgain(`${to}/`);
    state.transaction(() => {
      const current = state.local.find(id);
      if (current) state.local.put(movedRecord(current, place, stat));
      if (operation.split) context.offers.forgetContent(local.id);
    });
    return true;
  } catch (error) {
    state.transaction(() => {
      if (operation.split) {
        state.local.remove(id);
        state.conflictBases.drop(id);
      }
      state.local.put(local);
      if (base) state.synced.put(base);
    });
    throw error;
  }
}

async function freeConflictName({ state, disk }: ApplyContext, parentId: EntryId, name: string): Promise<string> {
  const folder = state.localPath(parentId) ?? "";
  for (let n = 1; n <= maxConflictNames; n += 1) {
    const candidate = conflictName(name, n);
    const isTaken =
      state.local.findChild(parentId, candidate) ??
      state.remote.findChild(parentId, candidate) ??
      (await disk.stat(joinPath(folder, candidate)));
    if (!isTaken) return candidate;
  }
  throw new DiskError("exists", joinPath(folder, name), "There are too many conflicted copies of this file already.");
}

function placePath(state: StateStore, place: Place): string | undefined {
  const parent = state.local.find(place.parentId);
  const folder = state.localPath(place.parentId);
  return folder === undefined || parent?.type !== "folder" ? undefined : joinPath(folder, place.name);
}

function lookAtPlace({ state, lookAgain }: ApplyContext, place: Place): void {
  const path = placePath(state, place);
  if (path !== undefined) lookAgain(path);
}

function pick(place: Place): { parentId: EntryId; name: string } {
  return { parentId: place.parentId, name: place.name };
}
