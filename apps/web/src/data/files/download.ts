import type { ApiClient } from "@satchel/api-client";
import type { VersionId } from "@satchel/protocol";
import type { Entry } from "./entry.ts";

/** Hands a file to the browser's own downloads, by an address that is good for some minutes. */
export async function startDownload(api: ApiClient, entry: Entry, versionId?: VersionId): Promise<void> {
  const url = await api.contentUrl({ fileId: entry.id, versionId });
  const link = document.createElement("a");
  link.href = url;
  link.download = entry.name;
  link.click();
}
