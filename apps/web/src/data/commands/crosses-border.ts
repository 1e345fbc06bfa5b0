import { workspaceOfEntry, type EntryId } from "@satchel/protocol";
import type { Entry } from "../files/entry.ts";

/** Whether some would go into, or out of, a shared folder. A workspace holds only what was brought to it: nothing moves from one to another by its name alone. */
export function crossesBorder(entries: readonly Pick<Entry, "id">[], toId: EntryId): boolean {
  return entries.some(({ id }) => workspaceOfEntry(id) !== workspaceOfEntry(toId));
}
