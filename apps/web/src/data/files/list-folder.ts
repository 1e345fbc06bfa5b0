import type { ApiClient } from "@satchel/api-client";
import type { EntryId } from "@satchel/protocol";
import type { Entry } from "./entry.ts";

/** What a folder holds now, all of it. */
export async function listFolder(api: ApiClient, folderId: EntryId): Promise<Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.metadata({ folderId, cursor });
    entries.push(...(page.entries ?? []));
    cursor = page.cursor ?? null;
  } while (cursor !== null);
  return entries;
}
