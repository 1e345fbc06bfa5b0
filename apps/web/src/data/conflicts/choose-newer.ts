import type { Kept } from "@satchel/api-client";
import type { ConflictedCopy } from "@satchel/protocol";

/** What is kept of all conflicts at once; `newer`: of each the side that was saved last. */
export type BulkRule = "newer" | "both" | "mine" | "theirs";

/** What a rule means for one conflict. Folders have no time of their own, so both stay; times are the server's, of when each side came to it. */
export function keptBy(rule: BulkRule, { mine, theirs, original_path: original }: ConflictedCopy): Kept {
  // Without an original the copy is all that there is, whatever the rule says.
  if (original === null) return "mine";
  if (rule !== "newer") return rule;
  if (mine === null || theirs === null) return "both";
  return Date.parse(mine.created) > Date.parse(theirs.created) ? "mine" : "theirs";
}
