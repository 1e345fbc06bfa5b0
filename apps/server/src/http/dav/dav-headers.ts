import type { IncomingHttpHeaders } from "node:http";
import { entryIdSchema, formatTimestamp, ProblemError, versionIdSchema } from "@satchel/protocol";
import { defaultLockSeconds, maxLockSeconds } from "../../features/dav/dav-locks.ts";
import { DavError } from "../../features/dav/dav-error.ts";
import type { ConflictMark } from "../../features/dav/put-file.ts";
import { namesOfAddress } from "./dav-address.ts";
import type { DavAddress } from "./dav-context.ts";

export type Depth = "0" | "1" | "infinity";

/** @throws bad_request */
export function depthOf({ depth }: IncomingHttpHeaders, byDefault: Depth): Depth {
  const value = depth === undefined ? byDefault : String(depth).trim().toLowerCase();
  if (value === "0" || value === "1" || value === "infinity") return value;
  throw new ProblemError("bad_request", "Depth is 0, 1 or infinity");
}

/** May what is at the destination be replaced? @throws bad_request */
export function mayReplace({ overwrite }: IncomingHttpHeaders): boolean {
  const value = overwrite === undefined ? "T" : String(overwrite).trim().toUpperCase();
  if (value === "T" || value === "F") return value === "T";
  throw new ProblemError("bad_request", "Overwrite is T or F");
}

/** @throws bad_request without one, 403 for one outside of the tree */
export function destinationOf(tree: DavAddress, { destination }: IncomingHttpHeaders): string[] {
  if (typeof destination !== "string") throw new ProblemError("bad_request", "there is no Destination");
  const names = namesOfAddress(tree, destination.trim());
  if (!names) throw new DavError(403, "the destination is not in this tree");
  return names;
}

/** How long a lock is to hold: the first of the wishes that can be read, within our bounds. */
export function lockSecondsOf({ timeout }: IncomingHttpHeaders): number {
  for (const wish of String(timeout ?? "").split(",")) {
    if (/^\s*infinite\s*$/i.test(wish)) return maxLockSeconds;
    const [, seconds] = /^\s*second-(\d{1,10})\s*$/i.exec(wish) ?? [];
    if (seconds !== undefined) return Math.min(Math.max(1, Number(seconds)), maxLockSeconds);
  }
  return defaultLockSeconds;
}

/** When a program says its file was modified: seconds since 1970, as ownCloud's and rclone's send it. @throws bad_request */
export function modifiedOf(headers: IncomingHttpHeaders): string | undefined {
  const value = headers["x-oc-mtime"];
  if (value === undefined) return undefined;
  const seconds = /^\d{1,11}(\.\d+)?$/.test(String(value)) ? Number(value) : Number.NaN;
  if (!Number.isFinite(seconds)) throw new ProblemError("bad_request", "X-OC-Mtime is a number of seconds since 1970");
  return formatTimestamp(Math.round(seconds * 1000));
}

/** How long a request's content is, as far as it says so: macOS sends it in pieces, and its length in a header of its own. */
export function contentLengthOf(headers: IncomingHttpHeaders): number | undefined {
  const value = headers["content-length"] ?? headers["x-expected-entity-length"];
  return /^\d{1,15}$/.test(String(value)) ? Number(value) : undefined;
}

/** What a conflicted copy is a copy of, where the program that made it says so. */
export function conflictOf(headers: IncomingHttpHeaders): ConflictMark | undefined {
  const id = entryIdSchema.safeParse(headers["oc-conflictbasefileid"]);
  if (headers["oc-conflict"] !== "1" || !id.success) return undefined;
  const base = versionIdSchema.safeParse(String(headers["oc-conflictbaseetag"] ?? "").replaceAll('"', ""));
  return { of: id.data, base: base.data };
}
