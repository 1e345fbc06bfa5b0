import { toEntryState } from "../rows/entry-row.ts";
import type { EntryChange } from "../tree-store.ts";
import { attachManifests } from "./attach-manifests.ts";
import type { ChangeSet } from "./change-set.ts";

/** What a transaction changed, each entry once with its last state, in feed order. */
export async function describeChanges(changes: ChangeSet): Promise<EntryChange[]> {
  const told = [...changes.changed].map(([id, { kind }]) => {
    const row = changes.tree.find(id);
    if (!row) throw new Error(`entry ${id} was changed and is unknown`);
    return { kind, row, state: toEntryState(row) };
  });
  told.sort((one, other) => one.row.sequence - other.row.sequence);
  await attachManifests(changes, told);
  return told.map(({ kind, row, state }) => ({ kind, entry: state, path: changes.tree.pathOf(row) }));
}
