import { changedOne } from "../sequence/changed-one.ts";
import type { TextVersions } from "../merge-texts.ts";

/** What a text wears beside its words. [MG8] */
export interface TextDress {
  /** The byte order mark, or nothing. */
  readonly mark: string;
  /** What each line ends with. */
  readonly lineEnd: string;
}

const byteOrderMark = "\uFEFF";

/** The three versions with plain line ends and no mark, and what the merge of them is to wear: a side that changed it has its way. Texts that mix line ends are left as they are. */
export function undressed(versions: TextVersions): { readonly versions: TextVersions; readonly dress: TextDress } {
  const { base, mine, theirs } = versions;
  const ends = [base, mine, theirs].map(lineEndOf);
  const isMixed = ends.includes("mixed");
  const plain = (text: string): string => {
    const bare = text.startsWith(byteOrderMark) ? text.slice(1) : text;
    return isMixed ? bare : bare.replaceAll("\r\n", "\n");
  };
  const [baseEnd, mineEnd, theirsEnd] = ends as [string, string, string];
  return {
    versions: { base: plain(base), mine: plain(mine), theirs: plain(theirs) },
    dress: {
      mark: markOf(mine) === markOf(base) ? markOf(theirs) : markOf(mine),
      lineEnd: isMixed ? "\n" : changedOne(baseEnd, mineEnd, theirsEnd) || "\n",
    },
  };
}

export function dressed(text: string, { mark, lineEnd }: TextDress): string {
  return mark + (lineEnd === "\n" ? text : text.replaceAll("\n", lineEnd));
}

function markOf(text: string): string {
  return text.startsWith(byteOrderMark) ? byteOrderMark : "";
}

function lineEndOf(text: string): "\n" | "\r\n" | "mixed" | "" {
  const all = text.match(/\n/g)?.length ?? 0;
  const windows = text.match(/\r\n/g)?.length ?? 0;
  if (all === 0) return "";
  if (windows === 0) return "\n";
  return windows === all ? "\r\n" : "mixed";
}
