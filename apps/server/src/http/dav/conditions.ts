import type { FastifyRequest } from "fastify";
import type { Caller } from "../../features/authorisation/authorisation.ts";
import { DavError } from "../../features/dav/dav-error.ts";
import { locksOn } from "../../features/dav/dav-locks.ts";
import { findPlace, type DavPlace } from "../../features/dav/dav-place.ts";
import type { DavContext } from "./dav-context.ts";
import { namesOfAddress } from "./dav-address.ts";
import { parseIf, tokensOf, type IfList } from "./if-header.ts";

/** A file's entity tag; folders have none. */
export function etagOf({ found }: DavPlace): string | undefined {
  return found?.entry.version_id ? `"${found.entry.version_id}"` : undefined;
}

/**
 * Whether the request's conditions hold: `If`, `If-Match`, `If-None-Match` and `If-Unmodified-Since`, as far as it changes something. Answers the lock tokens that it names. @throws 412, bad_request
 */
export async function checkConditions(
  parts: DavContext,
  request: FastifyRequest,
  { caller, place }: { readonly caller: Caller; readonly place: DavPlace },
): Promise<ReadonlySet<string>> {
  checkPlain(request, place);
  const header = request.headers["if"];
  if (typeof header !== "string") return new Set();
  const lists = parseIf(header);
  for (const list of lists) if (await holds(parts, { caller, place, list })) return tokensOf(lists);
  throw new DavError(412, "no condition of the If header holds");
}

/** Does the request say which state of the file it is about? */
export function isConditional({ headers }: FastifyRequest): boolean {
  return [headers["if-match"], headers["if-none-match"], headers["if-unmodified-since"]].some(
    (header) => header !== undefined,
  );
}

/** RFC 9110, section 13.2.2. */
function checkPlain({ headers }: FastifyRequest, place: DavPlace): void {
  const etag = etagOf(place);
  const match = headers["if-match"];
  if (match !== undefined && !namesTag(match, etag, place)) throw unmet("If-Match");
  const since = headers["if-unmodified-since"];
  const modifiedMs = Date.parse(place.found?.entry.modified ?? "");
  // Whole seconds are all that the header can say.
  const isNewer = Math.floor(modifiedMs / 1000) * 1000 > Date.parse(String(since));
  if (match === undefined && since !== undefined && isNewer) throw unmet("If-Unmodified-Since");
  const none = headers["if-none-match"];
  if (none !== undefined && namesTag(none, etag, place)) throw unmet("If-None-Match");
}

/** Is the tag one of the header's, or anything at all what it wants? */
export function namesTag(header: string, etag: string | undefined, { found }: DavPlace): boolean {
  if (header.trim() === "*") return found !== undefined;
  return header.split(",").some((tag) => tag.trim() === etag);
}

async function holds(
  parts: DavContext,
  { caller, place, list }: { readonly caller: Caller; readonly place: DavPlace; readonly list: IfList },
): Promise<boolean> {
  const about = list.address === undefined ? place : await otherPlace(parts, caller, list.address);
  const locks = about ? await locksOn(parts, about) : [];
  const etag = about && etagOf(about);
  return list.conditions.every(({ isNot, kind, value }) => {
    const is = kind === "etag" ? value === etag : locks.some(({ token }) => token === value);
    return is !== isNot;
  });
}

/** For looking at: whoever may only read may name it. */
async function otherPlace(parts: DavContext, caller: Caller, address: string): Promise<DavPlace | undefined> {
  const names = namesOfAddress(parts, address);
  return names && (await findPlace(parts, { ...caller, right: "files.read" }, names));
}

function unmet(header: string): DavError {
  return new DavError(412, `${header} does not hold`);
}
