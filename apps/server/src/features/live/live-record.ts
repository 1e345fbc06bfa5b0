import type { AccountId, DeviceId, VersionHash, VersionId } from "@satchel/protocol";
import { openSealed, seal } from "../identity/factors/seal.ts";
import type { TextDress } from "./text-file.ts";

/** What a live session knows of itself, as it is kept. */
export interface LiveRecord {
  /** Of this document: another one has another name, and can't be merged with it. */
  readonly session: string;
  /** The version that the document has in it, and the document's state when its text was that version's. */
  readonly versionId: VersionId;
  readonly versionState: Uint8Array;
  readonly dress: TextDress;
  /** A version that is about to be written, or was, and the state that it is of. Written down before, so that after a crash it is known for the session's own. [LV7] */
  readonly offered: { readonly versionHash: VersionHash; readonly state: Uint8Array } | undefined;
  /** The document. */
  readonly state: Uint8Array;
  /** Who typed since the last version, the last one last. */
  readonly typists: readonly Typist[];
}

export interface Typist {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
}

/** Each once, whoever typed last at the end. */
export function addTypist(typists: readonly Typist[], typist: Typist): readonly Typist[] {
  const { accountId, deviceId } = typist;
  const others = typists.filter((known) => known.accountId !== accountId || known.deviceId !== deviceId);
  return [...others, { accountId, deviceId }];
}

/** Encrypted, and good for this file only. */
export function sealRecord(key: Uint8Array, fileId: string, record: LiveRecord): string {
  return seal(key, `live ${fileId}`, JSON.stringify(record, replaceBytes));
}

/** Undefined when it was sealed by another server's key, or is damaged. */
export function openRecord(key: Uint8Array, fileId: string, sealed: string): LiveRecord | undefined {
  return openJson<LiveRecord>(key, `live ${fileId}`, sealed);
}

export interface LiveUpdate {
  readonly update: Uint8Array;
  readonly typists: readonly Typist[];
}

export function sealUpdate(key: Uint8Array, fileId: string, update: LiveUpdate): string {
  return seal(key, `live update ${fileId}`, JSON.stringify(update, replaceBytes));
}

/** As {@link openRecord}. */
export function openUpdate(key: Uint8Array, fileId: string, sealed: string): LiveUpdate | undefined {
  return openJson<LiveUpdate>(key, `live update ${fileId}`, sealed);
}

function openJson<Value>(key: Uint8Array, owner: string, sealed: string): Value | undefined {
  try {
    return JSON.parse(openSealed(key, owner, sealed), reviveBytes) as Value;
  } catch {
    return undefined;
  }
}

const bytesMark = "base64:";

function replaceBytes(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? bytesMark + Buffer.from(value).toString("base64") : value;
}

function reviveBytes(_name: string, value: unknown): unknown {
  const isBytes = typeof value === "string" && value.startsWith(bytesMark);
  return isBytes ? new Uint8Array(Buffer.from(value.slice(bytesMark.length), "base64")) : value;
}
