import { idPartBytes, makeEntryId, workspaceOfEntry, type CommitOperation, type EntryId } from "@satchel/protocol";
import type { FeedPosition } from "../../storage/metadata/tree-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";
import { contentsFor, copyTree, type Copied } from "./copy-tree.ts";
import { commitAll, commitAs, refusalOf } from "./dav-commit.ts";
import { DavError } from "./dav-error.ts";
import { releaseBelow } from "./dav-locks.ts";
import type { DavParts } from "./dav-parts.ts";
import { pathOf, type DavPlace } from "./dav-place.ts";
import { requireParent } from "./put-file.ts";

/** How often a folder is looked at again in which somebody changed something meanwhile. */
const maxOvertaken = 5;

/** Answers its id. @throws 405 where something is, 409 where there is no folder for it */
export async function makeFolder(parts: DavParts, caller: Caller, place: DavPlace): Promise<EntryId> {
  if (place.found) throw new DavError(405, "there is something of this name");
  const parentId = requireParent(place);
  const workspaceId = workspaceOfEntry(parentId);
  const id = makeEntryId(workspaceId, parts.host.randomBytes(idPartBytes));
  const operation = { op: "create_folder", id, parent_id: parentId, name: nameOf(place) } as const;
  const [result] = await commitAs(parts, caller, { workspaceId, operations: [operation] });
  if (result?.status !== "failed") return id;
  throw result.code === "name_taken" ? new DavError(405, "there is something of this name") : refusalOf(result);
}

/** Into the trash, with all that is in it; what changed after `seen` stays, where that is given. @throws 403 for the root, 404, changed_since */
export async function removeEntry(
  parts: DavParts,
  caller: Caller,
  place: DavPlace,
  seen?: FeedPosition,
): Promise<void> {
  const { found, parent } = place;
  if (!found) throw new DavError(404, "there is nothing of this name");
  if (parent === undefined) throw new DavError(403, "this is the folder that all is in");
  const { id } = found.entry;
  for (let overtaken = 0; ; overtaken += 1) {
    const operations = [{ op: "delete", id } as const];
    const [result] = await commitAs(parts, caller, { workspaceId: workspaceOfEntry(id), operations, seen });
    if (result?.status !== "failed") break;
    if (seen || result.code !== "changed_since" || overtaken >= maxOvertaken) throw refusalOf(result);
  }
  await releaseBelow(parts, place);
}

export interface Transfer {
  readonly from: DavPlace;
  readonly to: DavPlace;
  /** May what is there be replaced? */
  readonly mayReplace: boolean;
}

/** New entries of the same chunks. Answers whether there was nothing before. @throws 403 onto itself or into itself, 404, 409, 412, 507 */
export async function copyEntry(
  parts: DavParts,
  caller: Caller,
  { from, to, mayReplace, isShallow }: Transfer & { readonly isShallow: boolean },
): Promise<boolean> {
  const { source, parentId } = requireTransfer({ from, to, mayReplace });
  const target = to.found;
  if (source.entry.type === "file" && target?.entry.type === "file") {
    await replaceContent(parts, caller, { from, to });
    return false;
  }
  const before = target ? [{ op: "delete", id: target.entry.id } as const] : [];
  const copied = await copyTree(parts, caller, {
    from: source.entry,
    contents: from.contents,
    parentId,
    name: nameOf(to),
    isShallow,
    before,
  });
  await copyProperties(parts, copied);
  return target === undefined;
}

/** The entry itself, with its id, versions and properties; between workspaces a copy, and then what was there goes. Answers whether there was nothing before. @throws as {@link copyEntry} */
export async function moveEntry(parts: DavParts, caller: Caller, { from, to, mayReplace }: Transfer): Promise<boolean> {
  const { source, parentId } = requireTransfer({ from, to, mayReplace });
  if (from.parent === undefined) throw new DavError(403, "this is the folder that all is in");
  const isNew = to.found === undefined;
  const isSaved = source.entry.type === "file" && to.found?.entry.type === "file";
  const workspaceId = workspaceOfEntry(source.entry.id);
  const isWithin = workspaceId === workspaceOfEntry(parentId);
  // What comes into it while it is copied was not copied, and must not be deleted with it.
  const seen = await parts.metadata.tree.head(workspaceId);
  if (isSaved) {
    // How programs save: beside it first, and then over it. The file stays the one that it was, with its past.
    await replaceContent(parts, caller, { from, to });
    await removeEntry(parts, caller, from, seen);
  } else if (isWithin) {
    const { id, parent_id: baseParent, name: baseName } = source.entry;
    if (baseParent === null) throw new DavError(403, "this is the folder that all is in");
    const move = {
      op: "move",
      id,
      parent_id: parentId,
      name: nameOf(to),
      base_parent_id: baseParent,
      base_name: baseName,
    } as const;
    const before: CommitOperation[] = to.found ? [{ op: "delete", id: to.found.entry.id }] : [];
    await commitAll(parts, caller, { workspaceId, operations: [...before, move] });
  } else {
    await copyEntry(parts, caller, { from, to, mayReplace, isShallow: false });
    await removeEntry(parts, caller, from, seen);
  }
  await releaseBelow(parts, from);
  return isNew;
}

function requireTransfer({ from, to, mayReplace }: Transfer) {
  const { found: source } = from;
  if (!source) throw new DavError(404, "there is nothing of this name");
  if (to.parent === undefined && to.found) throw new DavError(403, "this is the folder that all is in");
  const [there, here] = [pathOf(to.names), pathOf(from.names)];
  if (there === here) throw new DavError(403, "it is there already");
  if (there.startsWith(`${here}/`) || here.startsWith(`${there}/`))
    throw new DavError(403, "nothing can go into itself, or replace what it lies in");
  const parentId = requireParent(to);
  if (to.found && !mayReplace) throw new DavError(412, "there is something of this name");
  return { source, parentId };
}

/** The other file gets this one's content as its next version, and its properties. */
async function replaceContent(
  parts: DavParts,
  caller: Caller,
  { from, to }: { readonly from: DavPlace; readonly to: DavPlace },
): Promise<void> {
  const [source, target] = [from.found?.entry, to.found?.entry];
  if (!source || !target?.version_id) throw new DavError(404, "there is no such file");
  const contents = await contentsFor(parts, { files: [source], parentId: target.id });
  const content = contents.get(source.id);
  if (!content) throw new DavError(404, "there is no such file");
  const operation = { op: "edit_file", id: target.id, base_version_id: target.version_id, content } as const;
  await commitAll(parts, caller, { workspaceId: workspaceOfEntry(target.id), operations: [operation] });
  await parts.metadata.dav.copyProperties({ from: source.id, to: target.id });
}

/** Of all that was copied, those that have any. */
async function copyProperties({ metadata: { dav } }: DavParts, copied: readonly Copied[]): Promise<void> {
  const byWorkspace = Map.groupBy(copied, ({ from }) => workspaceOfEntry(from.id));
  for (const [workspaceId, list] of byWorkspace) {
    const copies = new Map<EntryId, EntryId>(list.map(({ from, to }) => [from.id, to]));
    const found = await dav.listProperties(workspaceId, [...copies.keys()]);
    for (const from of new Set(found.map(({ entryId }) => entryId))) {
      const to = copies.get(from);
      if (to !== undefined) await dav.copyProperties({ from, to });
    }
  }
}

function nameOf({ names }: DavPlace): string {
  return names.at(-1) ?? "";
}
