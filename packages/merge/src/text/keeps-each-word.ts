import type { TextVersions } from "../merge-texts.ts";
import { isWord, wordsOf } from "./tokens.ts";

/**
 * Whether each word is in a merge as often as it can be: what a side added is added, what a side took away is gone, what both did alike was done once. A passage that both sides moved, each somewhere else,
 * gives a merge without a conflict in which it stands twice; and a word that one side moved and the other deleted would be back. This tells. [MG6]
 */
export function keepsEachWord({ base, mine, theirs }: TextVersions, merged: string): boolean {
  const counts = new Map<string, [base: number, mine: number, theirs: number, merged: number]>();
  for (const [index, text] of [base, mine, theirs, merged].entries()) {
    for (const token of wordsOf(text)) {
      if (!isWord(token)) continue;
      const count = counts.get(token) ?? [0, 0, 0, 0];
      count[index as 0 | 1 | 2 | 3] += 1;
      counts.set(token, count);
    }
  }
  return [...counts.values()].every(([before, here, there, after]) => {
    const sum = here + there - before;
    // Of a word that one side deleted wherever it was, only what the other typed besides may be there. Of one that stands elsewhere still nobody can tell which is which.
    if (before > 0 && (here === 0 || there === 0)) return after === Math.max(0, sum);
    return after >= Math.min(here, there, sum) && after <= Math.max(here, there, sum);
  });
}
