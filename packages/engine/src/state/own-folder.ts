import type { EntryId } from "@satchel/protocol";

/** The engine's own folder in the root of the synced one: marker, temporary files, limbo. Never synchronised. */
export const ownFolder = ".satchel";

/** The name in limbo of an entry that is out of the way for a moment. */
export function limboName(id: EntryId): string {
  return id;
}

export function limboPath(name: string): string {
  return `${limboFolder}/${name}`;
}

/** Where entries are that are out of the way for a moment. */
export const limboFolder = `${ownFolder}/limbo`;
