import { hash } from "node:crypto";
import { workspaceOfEntry, type EntryId, type WorkspaceId } from "@satchel/protocol";
import type { SharedFolder } from "../../storage/metadata/share-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import type { DavParts } from "./dav-parts.ts";
import { pathOf } from "./dav-place.ts";

/** Letters of a tag. */
const tagLength = 22;

export interface PlacedFolder {
  readonly id: EntryId;
  /** From the account's root folder. */
  readonly names: readonly string[];
}

export interface FolderTag {
  readonly tag: string;
  /** When something in it changed last; what is in shared folders left aside. */
  readonly changedAtMs: number;
}

/**
 * Tags of folders that change whenever anything at or below them does, in a shared folder that is mounted there too, and when the caller may do more or less there. What is asked for is of one workspace.
 * The shared folders are asked for once, and their places in their journals.
 */
export function openFolderTags({ metadata }: DavParts, caller: Caller) {
  let shares: Promise<readonly MountedFolder[]> | undefined;
  const heads = new Map<WorkspaceId, Promise<string>>();
  const headOf = (workspaceId: WorkspaceId): Promise<string> => {
    const known = heads.get(workspaceId) ?? metadata.tree.head(workspaceId).then((at) => `${at.epoch}.${at.sequence}`);
    heads.set(workspaceId, known);
    return known;
  };
  return async (folders: readonly PlacedFolder[]): Promise<ReadonlyMap<EntryId, FolderTag>> => {
    const [first] = folders;
    if (!first) return new Map();
    shares ??= metadata.shares.list(caller.accountId).then((list) => list.filter(isMounted));
    const mounted = await shares;
    const workspaceId = workspaceOfEntry(first.id);
    const { epoch, stamps } = await metadata.dav.folderStamps(
      workspaceId,
      folders.map(({ id }) => id),
    );
    const role = mounted.find((share) => share.workspaceId === workspaceId)?.role ?? "";
    const tags = new Map<EntryId, FolderTag>();
    for (const [nth, { id, names }] of folders.entries()) {
      const path = pathOf(names);
      const below = mounted.filter(({ mountPath }) => mountPath === path || mountPath.startsWith(`${path}/`));
      const said: (string | number | undefined)[] = [epoch, id, stamps[nth]?.sequence, role];
      for (const share of below) said.push(share.workspaceId, share.role, await headOf(share.workspaceId));
      const tag = hash("sha256", said.join(" "), "base64url").slice(0, tagLength);
      tags.set(id, { tag, changedAtMs: stamps[nth]?.atMs ?? 0 });
    }
    return tags;
  };
}

type MountedFolder = SharedFolder & { readonly mountPath: string };

function isMounted(share: SharedFolder): share is MountedFolder {
  return share.mountPath !== null;
}
