import type { StructuralMerge, TextVersions } from "../merge-texts.ts";
import { changedOne } from "../sequence/changed-one.ts";
import { keepsEachWord } from "../text/keeps-each-word.ts";
import { isSameValue, type JsonNode } from "./json-node.ts";
import { mergeArray } from "./merge-array.ts";
import { mergeObject } from "./merge-object.ts";
import { parseJson } from "./parse-json.ts";

/**
 * Merges values by structure: objects by key, arrays by item. What no side changed, and what only one did, stays as it was written. [MG11]
 *
 * @returns undefined when one of the texts is not JSON
 */
export function mergeJson(versions: TextVersions): StructuralMerge | undefined {
  const [base, mine, theirs] = [parseJson(versions.base), parseJson(versions.mine), parseJson(versions.theirs)];
  if (!base || !mine || !theirs) return undefined;
  const value = mergeValue(base.value, mine.value, theirs.value);
  if (value === undefined) return "conflict";
  const merged =
    changedOne(base.before, mine.before, theirs.before) + value + changedOne(base.after, mine.after, theirs.after);
  return keepsEachWord(versions, merged) ? { text: merged } : "conflict";
}

/** The merged value as text; undefined for a conflict. */
export function mergeValue(base: JsonNode | undefined, mine: JsonNode, theirs: JsonNode): string | undefined {
  if (isSameValue(mine, theirs)) return changedOne(base?.raw ?? "", mine.raw, theirs.raw);
  if (base === undefined) return undefined;
  if (isSameValue(mine, base)) return theirs.raw;
  if (isSameValue(theirs, base)) return mine.raw;
  if (base.type !== mine.type || base.type !== theirs.type) return undefined;
  if (base.type === "object") return mergeObject(base, { mine, theirs }, mergeValue);
  return base.type === "array" ? mergeArray(base, { mine, theirs }, mergeValue) : undefined;
}
