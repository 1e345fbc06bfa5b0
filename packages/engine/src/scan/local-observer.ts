import type { EntryId } from "@satchel/protocol";
import type { Disk, DiskStat } from "../ports/disk.ts";
import type { LocalRecord, StateStore } from "../state/state-store.ts";
import type { EditorLocks } from "./editor-locks.ts";
import { joinPath } from "./join-path.ts";
import { holdsOnlyIgnored } from "./only-ignored.ts";
import { statOrUnknown } from "./stat-or-unknown.ts";
import { movedRecord, recordOf, type Observation } from "./observation.ts";

/** Of a folder with more entries than this, what is known is not had at hand all at once. */
const maxRowsAtHand = 5000;

export interface ObserverContext {
  readonly state: StateStore;
  readonly disk: Disk;
  readonly newId: () => EntryId;
  /** Whether a new entry at this path is left alone. What is already synced stays synced. */
  readonly isIgnored: (path: string, isFolder: boolean) => boolean;
  /** Told of what stands beside files that are open in an editor. */
  readonly locks: EditorLocks;
}

/** What observing a folder left to do. */
export interface Findings {
  /** Folders to list with all below them: they are new, or other ones than before. */
  readonly enter: string[];
  /** Entries that are not where they were. They may turn up elsewhere; who knows the whole picture decides that they are gone. */
  readonly vanished: Set<EntryId>;
  /** Places to look at again, since what was there was seen elsewhere. */
  readonly revisit: Set<string>;
  /** Folders that were recognised at another place: what happened in them on the way was told of by names that are no more, or not yet. */
  readonly moved: Set<string>;
}

/** The parent of entries that lost their place to another and were not seen elsewhere yet: not reachable, but found by inode. */
export const nowhere = "nowhere" as EntryId;

export function noFindings(): Findings {
  return { enter: [], vanished: new Set(), revisit: new Set(), moved: new Set() };
}

/**
 * Brings the local tree up to what the disk shows at some names of a folder. `complete`: the observations are all that the folder has.
 *
 * Whose is what is there now? A folder is recognised by its inode, wherever it is. A file is first of all the one that had the name (editors save by renaming over it, so its history goes on), unless
 * two known files changed places; at a new name it is recognised by its inode.
 */
export async function observeFolder(
  context: ObserverContext,
  folder: { id: EntryId; path: string },
  observations: readonly Observation[],
  complete: boolean,
  findings: Findings,
): Promise<void> {
  const { state } = context;
  for (const { name, stat } of observations) context.locks.see(folder.id, name, stat?.type === "file");
  if (complete) context.locks.keepOnly(folder.id, () => new Set(observations.map(({ name }) => name)));
  const unmatched: { observation: Observation; stat: DiskStat }[] = [];
  // What is known of a very large folder is looked up one by one, rather than had at hand all at once.
  const isLarge = observations.length > maxRowsAtHand;
  const rows =
    complete && !isLarge ? new Map(state.local.children(folder.id).map((row) => [row.name, row])) : undefined;
  state.transaction(() => {
    const missing = complete && isLarge ? missingFrom(state, folder.id, observations) : [];
    for (const observation of observations) {
      const known = rows ? rows.get(observation.name) : state.local.findChild(folder.id, observation.name);
      rows?.delete(observation.name);
      const stat = observation.stat;
      const hasLeft = known?.inode != null && stat !== null && known.inode !== stat.inode && isLeaving(state, known);
      if (hasLeft) displace(context, known, findings);
      const row = hasLeft ? undefined : known;
      if (row && !stat) findings.vanished.add(row.id);
      if (row && stat && stat.type !== row.type) displace(context, row, findings);
      if (!stat || stat.type === "other") continue;
      if (row?.type === stat.type && (row.inode === stat.inode || row.inode === null)) {
        findings.vanished.delete(row.id);
        if (row.fingerprint !== stat.fingerprint && (row.type !== "folder" || row.inode === null))
          state.local.put(recordOf(row, { id: row.id, parentId: folder.id, name: row.name }, stat));
      } else if (
        row?.type === stat.type ||
        !context.isIgnored(joinPath(folder.path, observation.name), stat.type === "folder")
      ) {
        unmatched.push({ observation, stat });
      }
    }
    for (const row of rows?.values() ?? []) findings.vanished.add(row.id);
    for (const id of missing) findings.vanished.add(id);
  });
  const newcomers = new Set(unmatched.map(({ stat }) => stat.inode));
  for (const { observation, stat } of unmatched) {
    const { name } = observation;
    // One who was identified before may have changed places with this one. [EN3]
    const holder = state.local.findChild(folder.id, name);
    if (holder?.type === stat.type && holder.inode === stat.inode) continue;
    const row = holder?.type === stat.type ? holder : undefined;
    const rowIsBeside = row?.inode != null && newcomers.has(row.inode);
    if (!row && isUnheardOf(state, stat)) welcome(context, folder, name, stat, findings);
    else await identify(context, { folder, name, stat, row, rowIsBeside }, findings);
  }
  context.locks.looked(folder.id);
}

/** Who is known in a folder and not among what it has. */
function missingFrom(state: StateStore, folderId: EntryId, observations: readonly Observation[]): EntryId[] {
  const seen = new Set(observations.map(({ name }) => name));
  const missing: EntryId[] = [];
  for (const { id, name } of state.local.childNames(folderId)) if (!seen.has(name)) missing.push(id);
  return missing;
}

/** Whether the entry was about to leave the disk, by itself or with a folder: then only its inode tells that it is still there. [EN127] */
function isLeaving({ leaving, local }: StateStore, { id }: LocalRecord): boolean {
  if (!leaving.isAny) return false;
  const passed = new Set<EntryId>();
  for (let at: EntryId | null = id; at !== null && !passed.has(at); at = local.find(at)?.parentId ?? null) {
    if (leaving.has(at)) return true;
    passed.add(at);
  }
  return false;
}

/** Nothing is known of this inode: no question to the disk can tell more. */
function isUnheardOf(state: StateStore, stat: DiskStat): boolean {
  return state.findLocalByInode(stat.inode).length === 0 && !state.isLeftover(stat.inode);
}

function welcome(
  context: ObserverContext,
  folder: { id: EntryId; path: string },
  name: string,
  stat: DiskStat,
  findings: Findings,
): void {
  const { state } = context;
  state.transaction(() => {
    state.dropLeftover(stat.inode);
    const id = context.newId();
    state.knowNew(id);
    state.local.put(recordOf(undefined, { id, parentId: folder.id, name }, stat));
    if (stat.type === "folder") findings.enter.push(joinPath(folder.path, name));
  });
}

interface Stranger {
  readonly folder: { id: EntryId; path: string };
  readonly name: string;
  readonly stat: DiskStat;
  /** Who had the name before, if it was of the same type. */
  readonly row: LocalRecord | undefined;
  /** The one who had the name was seen in the same folder under another. */
  readonly rowIsBeside: boolean;
}

/** Finds out who it is that was not there, or not under this inode, before. */
async function identify(context: ObserverContext, stranger: Stranger, findings: Findings): Promise<void> {
  const { state } = context;
  const { folder, name, stat, row } = stranger;
  const place = { parentId: folder.id, name };
  const path = joinPath(folder.path, name);
  const mover = await findMover(context, stat);
  const stays =
    stat.type === "folder" && !mover && state.isLeftover(stat.inode) && (await holdsOnlyIgnored(context, path));
  state.transaction(() => {
    if (row && stat.type !== "folder") {
      if (mover && mover.nowAtOldPlace === row.inode && mover.oldPath !== undefined) {
        exchange(context, row, mover.record, place, stat);
        findings.revisit.add(mover.oldPath);
        return;
      }
      state.local.put(recordOf(row, { id: row.id, ...place }, stat));
      if (mover?.oldPath !== undefined) findings.revisit.add(mover.oldPath);
      return;
    }
    if (row && !mover && !stranger.rowIsBeside) {
      state.local.put(recordOf(row, { id: row.id, ...place }, stat));
      findings.enter.push(path);
      return;
    }
    if (row) displace(context, row, findings);
    if (mover) {
      state.local.put(movedRecord(mover.record, place, stat));
      findings.vanished.delete(mover.record.id);
      // Who is there instead may be the one whose place this was, and has no place until it is looked at.
      if (mover.oldPath !== undefined && mover.nowAtOldPlace !== undefined) findings.revisit.add(mover.oldPath);
      if (stat.type !== "folder") return;
      if (mover.oldPath === undefined) findings.enter.push(path);
      else findings.moved.add(path);
      return;
    }
    if (!stays) welcome(context, folder, name, stat, findings);
  });
}

interface Mover {
  readonly record: LocalRecord;
  /** Undefined when it was not reachable any more: it had been taken for deleted. */
  readonly oldPath: string | undefined;
  /** The inode that is at its old place now. */
  readonly nowAtOldPlace: string | undefined;
}

/** The known entry that this inode is, if it is no longer where it was. (If it is still there, this is a further hard link: an entry of its own.) */
async function findMover(context: ObserverContext, stat: DiskStat): Promise<Mover | undefined> {
  for (const record of context.state.findLocalByInode(stat.inode)) {
    if (record.type !== stat.type) continue;
    const oldPath = context.state.localPath(record.id);
    const there = oldPath === undefined ? undefined : await statOrUnknown(context.disk, oldPath);
    if (there === "unknown" || there?.inode === stat.inode) continue;
    return { record, oldPath, nowAtOldPlace: there?.inode };
  }
  return undefined;
}

/** Two known files have changed places. */
function exchange(
  context: ObserverContext,
  row: LocalRecord,
  mover: LocalRecord,
  place: { parentId: EntryId; name: string },
  stat: DiskStat,
): void {
  const { state } = context;
  if (mover.parentId === null) return;
  state.local.put(movedRecord(mover, place, stat));
  // Its stat at the new place is looked at next; until then the old one stands, and what differs will be seen.
  state.local.put({ ...row, parentId: mover.parentId, name: mover.name });
}

function displace(context: ObserverContext, row: LocalRecord, findings: Findings): void {
  context.state.local.put({ ...row, parentId: nowhere });
  findings.vanished.add(row.id);
}
