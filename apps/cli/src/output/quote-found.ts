import type { SearchResult } from "@satchel/protocol";
import { printable } from "./format.ts";

/** A piece of a file's text, with what was found in brackets; on one line, and harmless to a terminal. */
export function quoteFound({ text, found }: NonNullable<SearchResult["snippet"]>): string {
  let quoted = "";
  let at = 0;
  for (const [from, to] of found) {
    quoted += `${printable(text.slice(at, from))}[${printable(text.slice(from, to))}]`;
    at = to;
  }
  return quoted + printable(text.slice(at));
}
