/**
 * How a type of file is merged [MG1].
 * - `prose`: by line, and by word where both sides changed the same lines;
 * - `lines`: by line only, for what a program reads: words of two sides in one line of code are a line that nobody wrote;
 * - `json`, `csv`: by structure.
 */
export type MergeRule = "prose" | "lines" | "json" | "csv";

const extensions: Readonly<Record<MergeRule, string>> = {
  prose: "txt text md markdown mdx rst adoc asciidoc org tex textile typ",
  lines:
    "c h cc cpp hpp cs java kt swift go rs zig scala dart lua r jl py rb php pl sh bash zsh fish ps1 bat sql graphql proto hs ml ex " +
    "js mjs cjs jsx ts mts cts tsx vue svelte css scss less html htm yaml yml toml ini cfg conf properties env jsonc json5 bib srt",
  json: "json geojson ipynb webmanifest",
  csv: "csv tsv",
};

const ruleByExtension: ReadonlyMap<string, MergeRule> = new Map(
  (Object.keys(extensions) as MergeRule[]).flatMap((rule) =>
    extensions[rule].split(" ").map((extension) => [extension, rule] as const),
  ),
);

/** The rule for a file of this name, by its extension; undefined for what isn't merged: lock files, XML, anything unknown. */
export function mergeRuleOf(name: string): MergeRule | undefined {
  if (/(^|[-.])lock\.[a-z]+$/i.test(name)) return undefined;
  const dot = name.lastIndexOf(".");
  return dot < 0 ? undefined : ruleByExtension.get(name.slice(dot + 1).toLowerCase());
}
