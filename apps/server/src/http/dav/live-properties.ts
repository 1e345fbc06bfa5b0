import type { EntryState } from "@satchel/protocol";
import type { PlacedLock } from "../../features/dav/dav-locks.ts";
import type { Room } from "../../features/dav/dav-room.ts";
import { inlineTypeOf } from "../../features/files/inline-type.ts";
import { hrefOf } from "./dav-address.ts";
import type { Told } from "./dav-context.ts";
import { escapeXml } from "./xml/write-xml.ts";

/** What a listing tells about: an entry, or the root. */
export interface Resource {
  readonly names: readonly string[];
  readonly entry: EntryState;
  readonly locks: readonly PlacedLock[];
  /** Where the tree begins for whoever asks. */
  readonly base: string;
  /** Whose locks are told with their tokens. */
  readonly accountId: string;
  readonly nowMs: number;
  /** Of the workspace; undefined unless it is asked for. */
  readonly room: Room | undefined;
  /** What the door's dialect tells beyond WebDAV. */
  readonly told: Told | undefined;
}

/** How each of WebDAV's own properties is told, as the content of its element; undefined where the resource hasn't got it. */
type Describe = (resource: Resource) => string | undefined;

/** The properties that the server keeps by itself: nobody sets them, but for the time of modification. */
export const liveProperties: Readonly<Record<string, Describe>> = {
  resourcetype: ({ entry }) => (entry.type === "folder" ? "<d:collection/>" : ""),
  displayname: ({ names }) => escapeXml(names.at(-1) ?? "Satchel"),
  getlastmodified: ({ entry, told }) => {
    const modified = entry.modified ?? told?.folder?.changedAtMs;
    return modified === undefined ? undefined : httpDate(modified);
  },
  getcontentlength: ({ entry }) => (entry.type === "file" ? String(entry.size) : undefined),
  getcontenttype: ({ entry }) => (entry.type === "file" ? contentTypeOf(entry.name) : undefined),
  getetag: ({ entry, told }) => {
    const tag = entry.version_id ?? told?.folder?.tag;
    return tag === undefined ? undefined : `&quot;${escapeXml(tag)}&quot;`;
  },
  supportedlock: () =>
    ["exclusive", "shared"]
      .map(
        (scope) =>
          `<d:lockentry><d:lockscope><d:${scope}/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockentry>`,
      )
      .join(""),
  lockdiscovery: (resource) => resource.locks.map((lock) => describeLock(lock, resource)).join(""),
};

/** These are told only to who asks for them by name (RFC 4331). */
export const quotaProperties: Readonly<Record<string, Describe>> = {
  "quota-used-bytes": ({ entry, room }) => (entry.type === "folder" && room ? String(room.usedBytes) : undefined),
  "quota-available-bytes": ({ entry, room }) =>
    entry.type === "folder" && room && room.quotaBytes !== null
      ? String(Math.max(0, room.quotaBytes - room.usedBytes))
      : undefined,
};

export const protectedProperties: ReadonlySet<string> = new Set([
  ...Object.keys(liveProperties),
  ...Object.keys(quotaProperties),
  "creationdate",
  "getcontentlanguage",
]);

/** RFC 9110's format, which tells whole seconds. */
export function httpDate(timestamp: string | number): string {
  return new Date(timestamp).toUTCString();
}

/** What the bytes are, as far as it does no harm to say so. */
export function contentTypeOf(name: string): string {
  return inlineTypeOf(name) ?? "application/octet-stream";
}

/** The `activelock` element. Its token is told to whoever has it only. */
export function describeLock(
  lock: PlacedLock,
  { base, accountId, nowMs }: Pick<Resource, "base" | "accountId" | "nowMs">,
): string {
  const token = `<d:locktoken><d:href>${escapeXml(lock.token)}</d:href></d:locktoken>`;
  return [
    "<d:activelock><d:locktype><d:write/></d:locktype>",
    `<d:lockscope><d:${lock.isExclusive ? "exclusive" : "shared"}/></d:lockscope>`,
    `<d:depth>${lock.isDeep ? "infinity" : "0"}</d:depth>`,
    lock.owner === "" ? "" : `<d:owner>${lock.owner}</d:owner>`,
    `<d:timeout>Second-${Math.max(1, Math.ceil((lock.endsAtMs - nowMs) / 1000))}</d:timeout>`,
    lock.accountId === accountId ? token : "",
    `<d:lockroot><d:href>${escapeXml(hrefOf(base, lock.rootNames, false))}</d:href></d:lockroot></d:activelock>`,
  ].join("");
}
