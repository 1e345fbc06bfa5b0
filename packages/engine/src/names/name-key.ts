import type { NameRules } from "./name-rules.ts";

/**
 * Equal for names that such a disk takes for one. File systems fold by tables of their own (NTFS by its `$UpCase`, APFS and ext4 by Unicode's full folding of some version): this one folds what any of them folds, so that
 * a disk in memory errs on the side of trouble. Lower case first, for letters whose capital is not to be found otherwise, then upper.
 */
export function nameKey(name: string, rules: NameRules): string {
  const composed = rules.normalization === "kept" ? name : name.normalize("NFD");
  if (!rules.foldsCase) return composed;
  const folded = composed.toLowerCase().toUpperCase();
  return rules.normalization === "kept" ? folded : folded.normalize("NFD");
}
