import { rootEntryId, type EntryId, type WorkspaceId } from "@satchel/protocol";
import type { FoundEntry } from "../../storage/metadata/tree-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import type { DavParts } from "./dav-parts.ts";

/** Where locks may hold a place: in each workspace that its path leads through. */
export interface LockPlace {
  readonly workspaceId: WorkspaceId;
  /** From the workspace's root, such as `/docs/a.txt`; empty for the root. */
  readonly path: string;
}

/** What an address of the account's tree means at this moment. */
export interface DavPlace {
  /** The names that lead there from the account's root folder; none for the root itself. */
  readonly names: readonly string[];
  /** What is there; undefined where there is nothing that this protocol can tell: links are no part of it. */
  readonly found: FoundEntry | undefined;
  /** Of a folder: the entry that holds what is in it, which for a mount is the shared workspace's root. */
  readonly contents: EntryId | undefined;
  /** The entry that holds this one; undefined for the root, and where there is no such folder. */
  readonly parent: EntryId | undefined;
  /** The innermost last. */
  readonly lockPlaces: readonly LockPlace[];
}

/** Looks up what the names lead to, for what the caller's right is. @throws forbidden where the role in a shared folder is too small for it */
export async function findPlace(parts: DavParts, caller: Caller, names: readonly string[]): Promise<DavPlace> {
  const { tree } = parts.metadata;
  const root = { workspaceId: caller.rootWorkspaceId, path: pathOf(names) };
  const id = await tree.resolvePath(root.workspaceId, names);
  const own = id && (await tree.findEntry(id));
  if (own) {
    const { mounts } = own.entry;
    // The mount is the account's own, but not what is in it.
    if (mounts !== undefined) await parts.authorisation.requireWorkspace({ ...caller, right: "files.read" }, mounts);
    return describePlace({ names, found: own, lockPlaces: [root] });
  }
  const share = await findShare(parts, caller, names);
  if (share) {
    const inner = names.slice(share.depth);
    const lockPlaces = [root, { workspaceId: share.workspaceId, path: pathOf(inner) }];
    return findIn(parts, share.workspaceId, { names, inner, lockPlaces });
  }
  return findIn(parts, root.workspaceId, { names, inner: names, lockPlaces: [root] });
}

/** As devices show it: a link is none of this protocol's. */
function describePlace({
  names,
  found,
  lockPlaces,
}: Pick<DavPlace, "names" | "lockPlaces"> & { readonly found: FoundEntry }): DavPlace {
  const { entry } = found;
  const parent = entry.parent_id ?? undefined;
  if (entry.type === "link") return { names, found: undefined, contents: undefined, parent, lockPlaces };
  const contents = entry.mounts === undefined ? entry.id : rootEntryId(entry.mounts);
  const isFolder = entry.type === "folder";
  // What lies in a mount is held by the shared workspace's locks too, and so is all of it.
  const inner = entry.mounts === undefined ? [] : [{ workspaceId: entry.mounts, path: "" }];
  return {
    names,
    found,
    contents: isFolder ? contents : undefined,
    parent,
    lockPlaces: [...lockPlaces, ...inner],
  };
}

async function findIn(
  { metadata: { tree } }: DavParts,
  workspaceId: WorkspaceId,
  { names, inner, lockPlaces }: Pick<DavPlace, "names" | "lockPlaces"> & { readonly inner: readonly string[] },
): Promise<DavPlace> {
  const id = await tree.resolvePath(workspaceId, inner);
  const found = id && (await tree.findEntry(id));
  if (found) return describePlace({ names, found, lockPlaces });
  const parentId = await tree.resolvePath(workspaceId, inner.slice(0, -1));
  const parent = parentId && (await tree.findEntry(parentId));
  const isFolder = parent && parent.entry.type === "folder" && parent.entry.mounts === undefined;
  return { names, found: undefined, contents: undefined, parent: isFolder ? parent.entry.id : undefined, lockPlaces };
}

/** The share that the way down leads into. */
async function findShare({ metadata, authorisation }: DavParts, caller: Caller, names: readonly string[]) {
  const path = pathOf(names);
  const mounted = await metadata.shares.list(caller.accountId);
  const share = mounted.find(({ mountPath }) => mountPath !== null && path.startsWith(`${mountPath}/`));
  if (!share?.mountPath) return undefined;
  await authorisation.requireWorkspace(caller, share.workspaceId);
  return { workspaceId: share.workspaceId, depth: share.mountPath.split("/").length - 1 };
}

export function pathOf(names: readonly string[]): string {
  return names.map((name) => `/${name}`).join("");
}
