import { entryNameSchema, formatTimestamp, maxFileSizeBytes, ProblemError, timestampSchema } from "@satchel/protocol";
import type { AnnouncedFile } from "../../features/resumable/announced-file.ts";

/** The longest metadata: a path of names that are all as long as they may be has more, and no use. */
const maxMetadataLength = 8 * 1024;
/** The deepest path. */
const maxPathNames = 256;

/** What a program says of its file in `Upload-Length` and `Upload-Metadata`. @throws bad_request, body_too_large */
export function readAnnouncement(headers: {
  readonly length: string | undefined;
  readonly metadata: string | undefined;
}): AnnouncedFile {
  const { length = "", metadata = "" } = headers;
  const sizeBytes = Number(length);
  if (!/^\d{1,20}$/.test(length))
    throw new ProblemError("bad_request", "Upload-Length is the number of the file's bytes");
  if (sizeBytes > maxFileSizeBytes) throw new ProblemError("body_too_large", "the file is too long");
  if (metadata.length > maxMetadataLength)
    throw new ProblemError("bad_request", `Upload-Metadata has at most ${maxMetadataLength} characters`);
  const values = readMetadata(metadata);
  const modified = values.get("modified");
  return {
    names: namesOf(values.get("path") ?? values.get("filename") ?? ""),
    sizeBytes,
    metadata,
    ...(modified !== undefined && { modified: timeOf(modified) }),
  };
}

/** Names and values that are in base64, as in `filename YS50eHQ=,is_draft`. @throws bad_request */
function readMetadata(header: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const pair of header.split(",").filter((text) => text.trim() !== "")) {
    const [key = "", value = "", ...more] = pair.trim().split(/ +/);
    if (more.length > 0 || !/^[A-Za-z\d+/]*={0,2}$/.test(value))
      throw new ProblemError("bad_request", "Upload-Metadata is pairs of a name and a value in base64");
    values.set(key, decode(value));
  }
  return values;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** @throws bad_request */
function decode(base64: string): string {
  try {
    return utf8.decode(Buffer.from(base64, "base64"));
  } catch {
    throw new ProblemError("bad_request", "a value of Upload-Metadata is not UTF-8");
  }
}

/** @throws bad_request */
function namesOf(path: string): string[] {
  const names = path.replace(/^\//, "").split("/");
  const isGood = names.every((name) => entryNameSchema.safeParse(name).success);
  if (!isGood || names.length > maxPathNames)
    throw new ProblemError("bad_request", "Upload-Metadata has the file's path or filename");
  return names;
}

/** @throws bad_request */
function timeOf(text: string): string {
  const ms = Date.parse(text);
  const modified = /^\d{4}-/.test(text) && !Number.isNaN(ms) ? formatTimestamp(ms) : "";
  // In UTC its year may be one that timestamps don't have, and no device could read the file's folder any more.
  if (!timestampSchema.safeParse(modified).success)
    throw new ProblemError("bad_request", "modified is a time such as 2026-01-31T12:00:00.000Z");
  return modified;
}
