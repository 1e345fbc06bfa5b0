import type { ApiClient } from "@satchel/api-client";
import type { Entry } from "./entry.ts";

/**
 * Hands several entries, or a folder, to the browser's downloads as one zip file. A form takes its address: the entries may be too many for one.
 * @throws ProblemError limit_exceeded when an archive can't hold them
 */
export async function downloadArchive(api: ApiClient, entries: readonly Entry[], name: string): Promise<void> {
  const fileIds = entries.map(({ id }) => id);
  const { url } = await api.archiveUrl({ fileIds, name });
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "entries";
  field.value = fileIds.join(" ");
  form.append(field);
  document.body.append(form);
  form.submit();
  // The browser sends a form in its own time, and one that was taken away never.
  setTimeout(() => form.remove(), 60_000);
}

/** A folder's archive has its name, that of several entries the name of the folder that they are in. */
export function archiveName(entries: readonly Entry[], folderName: string): string {
  const [only, ...others] = entries;
  return `${only && others.length === 0 ? only.name : folderName}.zip`;
}
