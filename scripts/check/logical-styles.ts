import { readRepositoryFiles, type RepositoryFile } from "./repository-files.ts";
import { report } from "./report.ts";

const MIN_FILES = 40;

/** Declarations that name a side of the screen, where the side on which reading begins or ends is meant. */
const PHYSICAL =
  /(?<![\w.-])(?:(?:left|right)|(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-\w+)*|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?<![\w-])(?:text-align|float|clear)\s*:\s*(?:left|right)\b/g;

/** Where styles would not turn around with the direction of a language; a sentence each. */
export function logicalStyleProblems(files: readonly RepositoryFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(PHYSICAL)].map(
      (match) =>
        `${path}:${text.slice(0, match.index).split("\n").length} says \`${match[0].replace(/\s*:$/, "")}\`: name the side by the direction of reading (inline-start, inline-end)`,
    ),
  );
}

if (import.meta.main) {
  const files = readRepositoryFiles((path) => path.endsWith(".css"));
  report({
    name: "logical styles",
    saw: files.length,
    atLeast: MIN_FILES,
    unit: "files",
    problems: logicalStyleProblems(files),
  });
}
