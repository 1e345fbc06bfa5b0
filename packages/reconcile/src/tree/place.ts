import type { EntryId } from "@satchel/protocol";

/** A place in the tree. */
export interface Place {
  readonly parentId: EntryId;
  readonly name: string;
}

export function isSamePlace(one: Place | undefined, other: Place | undefined): boolean {
  return one !== undefined && other !== undefined && one.parentId === other.parentId && one.name === other.name;
}

/**
 * The name that an entry has on the server while others of the same commit pass by it: two that swap their names can't do so without a third. Only a batch of
 * which a part was refused leaves it there; it is nobody's wish then, and the next plan of any device gives the entry a name again.
 */
export function temporaryName(id: EntryId): string {
  return `.satchel-${idPart(id)}.tmp`;
}

/** The name of an entry of which nobody knows any more what it was called. */
export function recoveredName(id: EntryId): string {
  return `Recovered ${idPart(id)}`;
}

function idPart(id: EntryId): string {
  return id.slice(id.indexOf(".") + 1);
}
