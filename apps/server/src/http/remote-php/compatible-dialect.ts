import { isRootEntry, workspaceOfEntry, type EntryId, type EntryState } from "@satchel/protocol";
import { mayWrite, openRoles, type DavRole } from "../../features/dav/dav-roles.ts";
import { openFolderTags, type FolderTag } from "../../features/dav/folder-tags.ts";
import type { DavDialect, Told } from "../dav/dav-context.ts";
import { escapeXml } from "../dav/xml/write-xml.ts";
import { fileNumber } from "./file-number.ts";

const ownNamespace = "http://owncloud.org/ns";
const laterNamespace = "http://nextcloud.org/ns";

/** What these programs need to know beyond WebDAV: ids that stay, what they may do with each entry, and tags of folders by which they find what changed. */
export const compatibleDialect: DavDialect = {
  openTelling(parts, caller) {
    const tagsOf = openFolderTags(parts, caller);
    const roleOf = openRoles(parts, caller);
    return async (placed) => {
      const folders = placed.filter(({ entry }) => entry.type === "folder");
      const tags = await tagsOf(folders.map(({ entry, names }) => ({ id: entry.id, names })));
      const told = new Map<EntryId, Told>();
      for (const { entry } of placed) {
        const role = await roleOf(workspaceOfEntry(entry.id));
        const within = entry.mounts === undefined ? role : await roleOf(entry.mounts);
        told.set(entry.id, tell(entry, tags.get(entry.id), permissionsOf(entry, { role, within })));
      }
      return told;
    };
  },
  headersOf: ({ id, versionId }) => ({
    "oc-fileid": id,
    ...(versionId !== undefined && { "oc-etag": `"${versionId}"` }),
  }),
};

function tell(entry: EntryState, folder: FolderTag | undefined, permissions: string): Told {
  const own: Readonly<Record<string, string | undefined>> = {
    id: entry.id,
    fileid: fileNumber(entry.id),
    permissions,
    size: entry.type === "file" ? String(entry.size) : undefined,
    favorite: "0",
    "comments-unread": "0",
    "share-types": "",
  };
  const later: Readonly<Record<string, string | undefined>> = { "has-preview": "false", "is-encrypted": "0" };
  return {
    folder,
    find({ namespace, name }) {
      const known = namespace === ownNamespace ? own : namespace === laterNamespace ? later : {};
      const value = Object.hasOwn(known, name) ? known[name] : undefined;
      return value === undefined ? undefined : `<${name} xmlns="${namespace}">${escapeXml(value)}</${name}>`;
    },
  };
}

/** Letters: S in a shared folder, G may be read, D deleted, N renamed, V moved, W written; C and K take new files and folders. */
export function permissionsOf(
  entry: Pick<EntryState, "id" | "type" | "mounts">,
  { role, within }: { readonly role: DavRole; readonly within: DavRole },
): string {
  const isShared = role !== "own" || within !== "own";
  return [
    isShared ? "S" : "",
    "G",
    mayWrite(role) && !isRootEntry(entry.id) ? "DNV" : "",
    entry.type === "file" && mayWrite(role) ? "W" : "",
    entry.type === "folder" && mayWrite(within) ? "CK" : "",
  ].join("");
}
