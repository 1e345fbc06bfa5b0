import { entryNameSchema, ProblemError } from "@satchel/protocol";
import type { DavAddress } from "./dav-context.ts";

/** Where the tree begins. */
export const davRoot = "/dav";

/** The deepest path that is looked up; each name is a step in the database. */
const maxPathNames = 256;

/** The names that an address of the tree at `root` leads by. Read from the path as it was sent: an encoded slash is no separator. @throws bad_request, not_found */
export function namesOf(root: string, url: string): string[] {
  const [path = ""] = url.split("?", 1);
  // Whoever sends one means something else than what it would name.
  if (url.includes("#")) throw new ProblemError("bad_request", "an address in a request has no fragment");
  const below = partsBelow(root, path);
  if (!below) throw new ProblemError("not_found", "there is nothing at this address");
  const names = below.filter((name) => name !== "").map(decodeName);
  if (names.length > maxPathNames) throw new ProblemError("bad_request", `a path has at most ${maxPathNames} names`);
  return names;
}

/** The address of what the names lead to, below where the tree begins for whoever asks; folders end in a slash. */
export function hrefOf(base: string, names: readonly string[], isFolder: boolean): string {
  const path = [base, ...names.map(encodeName)].join("/");
  return isFolder ? `${path}/` : path;
}

/**
 * The names of another address in a request: of a `Destination`, or in an `If`. Undefined when it isn't one of the tree. Which server it names isn't looked at: a proxy in front of this one may have told it another name. @throws bad_request
 */
export function namesOfAddress({ root, base }: DavAddress, address: string): string[] | undefined {
  // As it was written: the path must not be normalised on the way.
  const path = address.replace(/^https?:\/\/[^/?#]*/i, "");
  const start = [base, root].find((each) => partsBelow(each, path.split("?", 1)[0] ?? ""));
  return start === undefined ? undefined : namesOf(start, path);
}

/** What comes after where a tree begins, still encoded; undefined elsewhere. A program may encode what leads there otherwise in a header than in its request's address: `ann@example.org` and `ann%40example.org` are one. */
function partsBelow(root: string, path: string): string[] | undefined {
  const wanted = root.split("/");
  const given = path.split("/");
  const isBelow = wanted.every((part, nth) => {
    const other = given[nth];
    return other !== undefined && (other === part || (decode(other) ?? other) === (decode(part) ?? part));
  });
  return isBelow ? given.slice(wanted.length) : undefined;
}

function decodeName(encoded: string): string {
  const name = decode(encoded);
  const known = name === undefined ? undefined : entryNameSchema.safeParse(name);
  if (!known?.success) throw new ProblemError("bad_request", "this is no name for a file or folder");
  return known.data;
}

function decode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** Also what encodeURIComponent leaves and some programs stumble over. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
