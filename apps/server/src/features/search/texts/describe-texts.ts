import { setImmediate as nextTurn } from "node:timers/promises";
import { workspaceOfEntry, type SearchResult, type VersionId } from "@satchel/protocol";
import type { ScanStore } from "../../../storage/metadata/scan-store.ts";
import type { TreeStore } from "../../../storage/metadata/tree-store.ts";
import type { Candidate, SearchIndex } from "../../../storage/search/search-index.ts";
import { describe, passesFilters } from "../describe-found.ts";
import { matchName } from "../match-name.ts";
import type { Sought } from "../sought.ts";
import { maxKeptUnits } from "./extract/text-bounds.ts";
import { matchText, soughtRuns } from "./match-text.ts";

interface TextParts {
  readonly index: SearchIndex;
  readonly tree: TreeStore;
  readonly scans: Pick<ScanStore, "findHeld">;
}

/** Those of the files whose text, as it is now, has all that is sought, with where it has it. What was found by its name already is left out. */
export async function describeTexts(
  { index, tree, scans }: TextParts,
  sought: Sought,
  candidates: readonly Candidate[],
): Promise<SearchResult[]> {
  if (candidates.length === 0) return [];
  const living = new Map((await tree.findLiving(candidates.map(({ id }) => id))).map((each) => [each.entry.id, each]));
  const fitting = candidates.flatMap(({ id, read }) => {
    const found = living.get(id);
    // What was read of an earlier version says nothing of the file as it is.
    if (!found || found.entry.version_hash !== read || !passesFilters(sought, found.entry)) return [];
    return matchName(sought.name, found.entry.name) ? [] : [found];
  });
  const now = await withoutHeld(scans, fitting);
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

type Living = Awaited<ReturnType<TreeStore["findLiving"]>>[number];

/** Some may have been read before malware was found in them: what they say is given out in no way. [WK40] */
async function withoutHeld(scans: TextParts["scans"], files: readonly Living[]): Promise<readonly Living[]> {
  const held = new Set<VersionId | null>();
  for (const [workspaceId, own] of Map.groupBy(files, ({ entry }) => workspaceOfEntry(entry.id))) {
    const versions = own.flatMap(({ entry }) => entry.version_id ?? []);
    for (const { versionId } of await scans.findHeld(workspaceId, versions)) held.add(versionId);
  }
  return files.filter(({ entry }) => !held.has(entry.version_id));
}
