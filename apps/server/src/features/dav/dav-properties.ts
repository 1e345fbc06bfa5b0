import { workspaceOfEntry, type EntryId, type EntryState } from "@satchel/protocol";
import type { DavProperty, DavPropertyChange, DavPropertyName } from "../../storage/metadata/dav-store.ts";
import type { DavParts } from "./dav-parts.ts";

/** A property that a program keeps with an entry: its namespace and name, and the whole of its element as text. */
export type Property = DavProperty;
export type PropertyName = DavPropertyName;
export type PropertyChange = DavPropertyChange;

/** What programs keep with these entries of one workspace. */
export async function listProperties(
  { metadata: { dav } }: DavParts,
  entries: readonly EntryState[],
): Promise<ReadonlyMap<EntryId, readonly Property[]>> {
  const [first] = entries;
  if (!first) return new Map();
  const ids = entries.map(({ id }) => id);
  const found = await dav.listProperties(workspaceOfEntry(first.id), ids);
  return Map.groupBy(found, ({ entryId }) => entryId);
}

/** All or none of the changes. @throws limit_exceeded */
export async function patchProperties(
  { metadata: { dav } }: DavParts,
  id: EntryId,
  changes: readonly PropertyChange[],
): Promise<void> {
  await dav.patchProperties(id, changes);
}
