import type { EntryState } from "@satchel/protocol";
import { toBase64, type EntryRow } from "../rows/entry-row.ts";
import { maxInlineManifestBytes, readManifests } from "../rows/read-manifests.ts";
import type { ChangeSet } from "./change-set.ts";

/** Adds the manifests to states of files, where they are short enough to go along. */
export async function attachManifests(
  changes: ChangeSet,
  told: readonly { readonly state: EntryState; readonly row: EntryRow }[],
): Promise<void> {
  const { session, workspaceId } = changes.context;
  const unknown = told.flatMap(({ row }) =>
    row.type === "file" && row.version_id !== null && !changes.findManifest(row.version_id)
      ? [{ id: row.entry_id, versionId: row.version_id }]
      : [],
  );
  const stored = await readManifests(session, workspaceId, unknown, maxInlineManifestBytes);
  for (const { state, row } of told) {
    if (row.type !== "file" || row.version_id === null) continue;
    const packed = changes.findManifest(row.version_id) ?? stored.get(row.version_id);
    if (packed && packed.length <= maxInlineManifestBytes) state.chunks = toBase64(packed);
  }
}
