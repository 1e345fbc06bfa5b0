import type { ApiClient } from "@satchel/api-client";
import type { EntryId, VersionId } from "@satchel/protocol";

/** A file in one version. */
export interface FileVersion {
  readonly id: EntryId;
  readonly versionId: VersionId | null;
  readonly sizeBytes: number;
}

/** The server didn't give the content: its login ended, the file is gone, or something between is broken. */
export class ContentUnavailableError extends Error {
  override readonly name = "ContentUnavailableError";
}

interface Span {
  readonly start: number;
  /** Without it. */
  readonly end: number;
}

/** Some bytes of a content, all at once: for parts that are small. @throws ContentUnavailableError, OfflineError; the signal's reason */
export async function readPart(
  api: ApiClient,
  file: FileVersion,
  { start, end }: Span,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const last = Math.min(end, file.sizeBytes) - 1;
  if (last < start) return new Uint8Array();
  const answer = await open(api, file, signal, { range: `bytes=${start}-${last}` });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  // Who doesn't know parts gives all of it: some browsers do, of what they keep.
  return answer.status === 206 ? bytes : bytes.subarray(start, last + 1);
}

/** A content from its beginning on, as it comes; whoever has enough cancels it. @throws as {@link readPart} */
export async function readStream(
  api: ApiClient,
  file: FileVersion,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const answer = await open(api, file, signal, {});
  return answer.body ?? new Blob().stream();
}

async function open(
  api: ApiClient,
  { id, versionId }: FileVersion,
  signal: AbortSignal,
  headers: Record<string, string>,
): Promise<Response> {
  const url = await api.contentUrl({ fileId: id, ...(versionId && { versionId }) }, { signal });
  const answer = await fetch(url, { headers, signal });
  if (!answer.ok) throw new ContentUnavailableError(`the server answered ${answer.status}`);
  return answer;
}
