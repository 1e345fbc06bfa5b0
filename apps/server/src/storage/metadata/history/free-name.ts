import { ProblemError, type EntryId } from "@satchel/protocol";
import type { ChangeSet } from "../commit/change-set.ts";
import type { EntryRow } from "../rows/entry-row.ts";
import { restoredName } from "./restored-name.ts";

/** More names than this are not tried. */
const maxTries = 1000;

/** The entry's name, or the first `NAME (Restored).EXT` that is free in the folder. Names whose holders are `leaving` count as free. */
export async function freeName(
  { tree }: ChangeSet,
  place: { readonly row: EntryRow; readonly parentId: EntryId; readonly name: string },
  leaving: ReadonlySet<EntryId> = new Set(),
): Promise<string> {
  const { row, parentId, name } = place;
  for (let n = 0; n < maxTries; n += 1) {
    const candidate = { parentId, name: n === 0 ? name : restoredName(name, row.type, n) };
    await tree.loadHolders([candidate]);
    const holder = tree.findHolder(candidate);
    if (!holder || holder.entry_id === row.entry_id || leaving.has(holder.entry_id)) return candidate.name;
  }
  throw new ProblemError("name_taken", "There are too many restored entries of this name");
}
