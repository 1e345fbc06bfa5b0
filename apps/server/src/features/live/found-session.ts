import type { EntryId } from "@satchel/protocol";
import type * as Y from "yjs";
import type { Host } from "../../host.ts";
import type { LiveStore } from "../../storage/metadata/live-store.ts";
import type { LookedText } from "./live-files.ts";
import { addTypist, openRecord, openUpdate, type LiveRecord, type Typist } from "./live-record.ts";
import { liveTextName, newDocument, openDocument, stateOf, textOf } from "./live-text.ts";

/** A document that remembers more than this of what was deleted is not taken up again. */
export const maxStateBytes = 4 * 1024 * 1024;

/** What a session knows of its file. */
export type Known = Omit<LiveRecord, "state" | "typists">;

/** A session as it begins in this process. */
export interface FoundSession {
  readonly document: Y.Doc;
  readonly known: Known;
  readonly typists: readonly Typist[];
  readonly nth: number;
}

type Kept = NonNullable<Awaited<ReturnType<LiveStore["take"]>>>;

/** What is kept of a session; undefined where nothing is, where it can't be read, or where it carries too much with it. */
export function takeUp(key: Uint8Array, fileId: EntryId, kept: Kept): FoundSession | undefined {
  const record = kept.sealed === undefined ? undefined : openRecord(key, fileId, kept.sealed);
  if (!record) return undefined;
  const updates = kept.updates.flatMap(({ sealed }) => openUpdate(key, fileId, sealed) ?? []);
  const { state, typists, ...known } = record;
  const document = openDocument(state, ...updates.map(({ update }) => update));
  const isSaved = textOf(document) === textOf(openDocument(known.versionState));
  if (isSaved && state.length > maxStateBytes) return undefined;
  const all = updates.flatMap((update) => update.typists).reduce(addTypist, typists);
  return { document, known, typists: all, nth: lastOf(kept) };
}

/** A new session of a file as it is, in place of one that can't be taken up. */
export function begin(randomBytes: Host["randomBytes"], look: LookedText, kept: Kept): FoundSession {
  const session = Buffer.from(randomBytes(16)).toString("base64url");
  const document = newDocument(session);
  document.getText(liveTextName).insert(0, look.text);
  const { versionId, dress } = look;
  const known = { session, versionId, versionState: stateOf(document), dress, offered: undefined };
  return { document, known, typists: [], nth: lastOf(kept) };
}

function lastOf({ updates }: Kept): number {
  return updates.at(-1)?.nth ?? 0;
}
