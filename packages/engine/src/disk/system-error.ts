import { DiskError, type DiskErrorCode } from "../ports/disk.ts";

/** What the system's error codes mean to the engine; all others are `failed`. */
const codes: Readonly<Record<string, DiskErrorCode>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EFBIG: "full",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "read_only",
  ENAMETOOLONG: "too_long",
  EILSEQ: "name_not_possible",
  EINVAL: "name_not_possible",
  ENOENT: "gone",
  ENOTDIR: "gone",
  EEXIST: "exists",
  ENOTEMPTY: "not_empty",
  // Opening with O_NOFOLLOW: what was a file is a link now.
  ELOOP: "changed",
  // Reading: what was a file is a folder now.
  EISDIR: "changed",
};

/** The system's code of an error ("ENOENT"), or undefined when it is not one of the system's. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** A failure as the port tells it. A `DiskError` stays what it is. */
export function toDiskError(error: unknown, path: string): DiskError {
  if (error instanceof DiskError) return error;
  const code = codes[systemCode(error) ?? ""] ?? "failed";
  return new DiskError(code, path, reasonOf(error));
}

/** Why something failed, as a part of a sentence. The system's own words on a path that is too long would repeat all of it. [NM22] */
export function reasonOf(error: unknown): string {
  if (systemCode(error) === "ENAMETOOLONG")
    return "the path is longer than this system can open: give the folders on the way shorter names, or move it up";
  return error instanceof Error ? error.message : String(error);
}

/** A failure that crosses threads: errors of our own classes don't. */
export interface WireError {
  readonly code: DiskErrorCode;
  readonly path: string;
  readonly detail: string;
}

export function toWireError(error: DiskError): WireError {
  return { code: error.code, path: error.path, detail: error.message };
}

export function fromWireError({ code, path, detail }: WireError): DiskError {
  return new DiskError(code, path, detail);
}
