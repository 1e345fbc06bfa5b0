import { z } from "zod";

/**
 * Identifiers are opaque to everybody but this file. An entry id carries its workspace, so that a request that names only a file
 * can be routed to the shard of its workspace without a lookup.
 */
const idPart = "[a-z2-7]{16}";
const workspacePattern = new RegExp(`^${idPart}$`);
const entryPattern = new RegExp(`^${idPart}\\.(?:root|${idPart})$`);
const opaquePattern = /^[A-Za-z0-9_.-]{1,64}$/;

/** Random bytes that {@link encodeIdPart} turns into the 16 characters of one id part. */
export const idPartBytes = 10;

/** What a schema says of a text that can't be an id. Ids are opaque, so to a caller it is an id of nothing. */
export const idOfNothing = "there is nothing of this id";

export const accountIdSchema = z.string().regex(opaquePattern, idOfNothing).brand<"AccountId">();
export const deviceIdSchema = z.string().regex(opaquePattern, idOfNothing).brand<"DeviceId">();
export const workspaceIdSchema = z.string().regex(workspacePattern, idOfNothing).brand<"WorkspaceId">();
export const entryIdSchema = z.string().regex(entryPattern, idOfNothing).brand<"EntryId">();
export const versionIdSchema = z.string().regex(opaquePattern).brand<"VersionId">();
export const cursorSchema = z.string().regex(opaquePattern).brand<"Cursor">();

export type AccountId = z.infer<typeof accountIdSchema>;
export type DeviceId = z.infer<typeof deviceIdSchema>;
export type WorkspaceId = z.infer<typeof workspaceIdSchema>;
export type EntryId = z.infer<typeof entryIdSchema>;
export type VersionId = z.infer<typeof versionIdSchema>;
/** "I have everything up to here": a place in one workspace's change feed. */
export type Cursor = z.infer<typeof cursorSchema>;

/** Encodes {@link idPartBytes} random bytes in the lower-case base 32 alphabet of RFC 4648. */
export function encodeIdPart(random: Uint8Array): string {
  if (random.length !== idPartBytes) throw new RangeError(`an id part takes ${idPartBytes} random bytes`);
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of random) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += "abcdefghijklmnopqrstuvwxyz234567"[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return text;
}

/** A workspace id from {@link idPartBytes} random bytes. */
export function makeWorkspaceId(random: Uint8Array): WorkspaceId {
  return encodeIdPart(random) as WorkspaceId;
}

/** A new entry's id; clients choose it, which makes creating an entry idempotent. */
export function makeEntryId(workspaceId: WorkspaceId, random: Uint8Array): EntryId {
  return `${workspaceId}.${encodeIdPart(random)}` as EntryId;
}

/** The id of a workspace's root folder. */
export function rootEntryId(workspaceId: WorkspaceId): EntryId {
  return `${workspaceId}.root` as EntryId;
}

/** The workspace that an entry belongs to. */
export function workspaceOfEntry(entryId: EntryId): WorkspaceId {
  return entryId.slice(0, 16) as WorkspaceId;
}

export function isRootEntry(entryId: EntryId): boolean {
  return entryId.endsWith(".root");
}
