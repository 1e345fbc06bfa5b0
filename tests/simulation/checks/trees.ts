import { nameOf, type VirtualFileSystem } from "@satchel/engine";
import { parseTimestamp, rootEntryId, type EntryId, type EntryState, type WorkspaceId } from "@satchel/protocol";
import { keyOfBytes, keyOfLink, type ContentKey } from "../work/contents.ts";
import type { History } from "../work/history.ts";
import type { SimServer } from "../world/sim-server.ts";
import { userDisk } from "../world/user-disk.ts";

/** All that devices and server must have alike of an entry, in a line. */
export interface ComparedEntry {
  readonly text: string;
  readonly content: ContentKey | undefined;
}

export type ComparedTree = ReadonlyMap<string, ComparedEntry>;

/** What is on a disk, by the names that all have, whatever the disk makes of them. */
export function treeOfDisk(files: VirtualFileSystem): ComparedTree {
  const rules = files.nameRules;
  const meant = (path: string): string =>
    path
      .split("/")
      .map((name) => nameOf(name, rules).name)
      .join("/");
  return new Map(
    userDisk(files)
      .list()
      .map(({ path, type, bytes, executable, modifiedMs, linkTarget }) => {
        const content =
          type === "file"
            ? keyOfBytes(bytes ?? new Uint8Array())
            : type === "link"
              ? keyOfLink(linkTarget ?? "")
              : undefined;
        return [meant(path), compared(type, { content, executable, modifiedMs })];
      }),
  );
}

/** All of it, or what a device has that leaves some out, with what is in it. @throws when the server has lost something of it */
export async function treeOfServer(
  server: SimServer,
  workspaceId: WorkspaceId,
  history: History,
  leftOut: ReadonlySet<EntryId> = new Set(),
): Promise<ComparedTree> {
  const entries = await listServer(server, workspaceId);
  const tree = new Map<string, ComparedEntry>();
  for (const entry of entries.values()) {
    const path = pathOf(entry, entries, rootEntryId(workspaceId));
    if (path === undefined || path === "" || isLeftOut(entry, entries, leftOut)) continue;
    tree.set(path, await comparedEntry(server, history, entry));
  }
  return tree;
}

/** The paths in which two trees differ, with what each says. */
export function differences(one: ComparedTree, other: ComparedTree): string[] {
  const paths = [...new Set([...one.keys(), ...other.keys()])].toSorted();
  return paths.flatMap((path) => {
    const [here, there] = [one.get(path)?.text ?? "nothing", other.get(path)?.text ?? "nothing"];
    return here === there ? [] : [`${path}: ${here} | ${there}`];
  });
}

async function comparedEntry(server: SimServer, history: History, entry: EntryState): Promise<ComparedEntry> {
  if (entry.type === "link")
    return compared("link", { content: keyOfLink(entry.link_target ?? ""), executable: false, modifiedMs: 0 });
  if (entry.type === "folder") return compared("folder", { content: undefined, executable: false, modifiedMs: 0 });
  const found = await server.metadata.tree.findEntry(entry.id);
  if (!found || entry.version_hash === null) throw new Error(`${entry.name} is in the feed and not in the tree`);
  const bytes = await history.content(server, entry.version_hash, found.packedChunks);
  const modifiedMs = entry.modified === null ? 0 : parseTimestamp(entry.modified);
  return compared("file", { content: keyOfBytes(bytes), executable: entry.executable, modifiedMs });
}

function compared(
  type: string,
  { content, executable, modifiedMs }: { content: ContentKey | undefined; executable: boolean; modifiedMs: number },
): ComparedEntry {
  const name = content?.startsWith("->") ? content : (content?.slice(0, 8) ?? "");
  return {
    content,
    text: type === "file" ? `${type} ${name} ${modifiedMs}${executable ? " x" : ""}` : `${type} ${name}`,
  };
}

function isLeftOut(
  entry: EntryState,
  entries: ReadonlyMap<EntryId, EntryState>,
  leftOut: ReadonlySet<EntryId>,
): boolean {
  let at: EntryState | undefined = entry;
  for (; at !== undefined; at = at.parent_id === null ? undefined : entries.get(at.parent_id))
    if (leftOut.has(at.id)) return true;
  return false;
}

/** What lives on the server. */
export async function listServer(server: SimServer, workspaceId: WorkspaceId): Promise<Map<EntryId, EntryState>> {
  const entries = new Map<EntryId, EntryState>();
  let position: Awaited<ReturnType<typeof server.metadata.tree.changesSince>>["position"] | undefined;
  for (let more = true; more;) {
    const page = await server.metadata.tree.changesSince({ workspaceId, after: position, limit: 1000 });
    for (const entry of page.changes) if (!entry.deleted) entries.set(entry.id, entry);
    position = page.position;
    more = page.hasMore;
  }
  return entries;
}

function pathOf(entry: EntryState, entries: ReadonlyMap<EntryId, EntryState>, rootId: EntryId): string | undefined {
  if (entry.id === rootId) return "";
  if (entry.parent_id === rootId) return entry.name;
  const parent = entry.parent_id === null ? undefined : entries.get(entry.parent_id);
  const path = parent && pathOf(parent, entries, rootId);
  return path === undefined ? undefined : `${path}/${entry.name}`;
}
