import type { ApiClient } from "@satchel/api-client";
import type { ArchiveListing } from "./archive-entry.ts";
import { listTar } from "./list-tar.ts";
import { listZip } from "./list-zip.ts";
import { readPart, readStream, type FileVersion } from "./read-part.ts";

/** What is in an archive on the server. Of a zip file only its end is read, of a tar file its beginning. @throws BrokenArchiveError, ContentUnavailableError, OfflineError */
export async function listArchive(
  api: ApiClient,
  file: FileVersion & { readonly name: string },
  kind: "zip" | "tar",
  signal: AbortSignal,
): Promise<ArchiveListing> {
  if (kind === "zip") return listZip(file.sizeBytes, (start, end) => readPart(api, file, { start, end }, signal));
  // Ended with the listing, however much of the file is left.
  const ending = new AbortController();
  const stream = await readStream(api, file, AbortSignal.any([signal, ending.signal]));
  try {
    const isPacked = /gz$/i.test(file.name);
    return await listTar(isPacked ? stream.pipeThrough(new DecompressionStream("gzip")) : stream);
  } finally {
    ending.abort();
  }
}
