import type { Entry } from "./entry.ts";

/** Folders that are drawn as choices; who looks for one of more than these types a part of its name. */
export const maxFolderChoices = 200;

export interface FolderChoices {
  readonly shown: readonly Entry[];
  /** How many more there are. */
  readonly moreCount: number;
}

/** Of entries in their order: the first folders whose names hold the text, whatever its case and its spelling in Unicode, without those that can't be chosen. */
export function narrowFolders(
  entries: readonly Entry[],
  { text, leaveOut }: { readonly text: string; readonly leaveOut: (folder: Entry) => boolean },
): FolderChoices {
  const wanted = folded(text.trim());
  const found = entries.filter(
    (entry) => entry.type === "folder" && (wanted === "" || folded(entry.name).includes(wanted)) && !leaveOut(entry),
  );
  return { shown: found.slice(0, maxFolderChoices), moreCount: Math.max(0, found.length - maxFolderChoices) };
}

/** Names come from devices that write an umlaut as one character, and from others that write it as two. */
function folded(text: string): string {
  return text.normalize("NFC").toLocaleLowerCase();
}
