import { setImmediate as nextTurn } from "node:timers/promises";
import type { SearchResult } from "@satchel/protocol";
import type { TreeStore } from "../../../storage/metadata/tree-store.ts";
import type { Candidate, SearchIndex } from "../../../storage/search/search-index.ts";
import { describe, passesFilters } from "../describe-found.ts";
import { matchName } from "../match-name.ts";
import type { Sought } from "../sought.ts";
import { maxKeptUnits } from "./extract/text-bounds.ts";
import { matchText, soughtRuns } from "./match-text.ts";

/** Those of the files whose text, as it is now, has all that is sought, with where it has it. What was found by its name already is left out. */
export async function describeTexts(
  { index, tree }: { readonly index: SearchIndex; readonly tree: TreeStore },
  sought: Sought,
  candidates: readonly Candidate[],
): Promise<SearchResult[]> {
  if (candidates.length === 0) return [];
  const living = new Map((await tree.findLiving(candidates.map(({ id }) => id))).map((each) => [each.entry.id, each]));
  const now = candidates.flatMap(({ id, read }) => {
    const found = living.get(id);
    // What was read of an earlier version says nothing of the file as it is.
    if (!found || found.entry.version_hash !== read || !passesFilters(sought, found.entry)) return [];
    return matchName(sought.name, found.entry.name) ? [] : [found];
  });
  const texts = await index.textsOf(now.map(({ entry }) => entry.id));
  const runs = soughtRuns(sought.name.words);
  const results: SearchResult[] = [];
  for (const [at, found] of now.entries()) {
    const text = texts[at];
    if (text === undefined) continue;
    // Each takes some milliseconds: others have their turn in between.
    await nextTurn();
    const snippet = matchText(runs, { name: found.entry.name, text, isCut: text.length >= maxKeptUnits });
    const result = snippet && describe(sought, found, snippet);
    if (result) results.push(result);
  }
  return results;
}
