import { isTestOnly, readRepositoryFiles, type RepositoryFile } from "./repository-files.ts";
import { report } from "./report.ts";

const MIN_RULES = 20;
/** A rule stands at the start of a list item, with or without the brackets: `- **[AB12]** The rule.` */
const DEFINITION = /^\s*(?:[-*]|\d+\.) \*\*\[?([A-Z]{2,4}\d+)\]?\*\*/gm;
const CITATION = /\[([A-Z]{2,4}\d+)\]/g;

/** Rules that no test cites, citations of rules that don't exist, and ids that two rules claim; a sentence each. */
export function citationProblems(specs: readonly RepositoryFile[], tests: readonly RepositoryFile[]): string[] {
  const problems: string[] = [];
  const definedIn = new Map<string, string>();
  for (const { path, id } of occurrences(specs, DEFINITION)) {
    const other = definedIn.get(id);
    if (other !== undefined) problems.push(`${path} defines [${id}], which ${other} defines already`);
    definedIn.set(id, path);
  }
  const cited = new Set<string>();
  for (const { path, id } of occurrences(tests, CITATION)) {
    cited.add(id);
    if (!definedIn.has(id)) problems.push(`${path} cites [${id}], which no page of docs/spec defines`);
  }
  for (const [id, path] of definedIn) {
    if (!cited.has(id)) problems.push(`${path}: no test cites [${id}]`);
  }
  return [...new Set(problems)];
}

/** The ids of the rules that the pages define. */
export function definedRules(specs: readonly RepositoryFile[]): Set<string> {
  return new Set(occurrences(specs, DEFINITION).map(({ id }) => id));
}

/** How many rules the pages define. */
export function countRules(specs: readonly RepositoryFile[]): number {
  return occurrences(specs, DEFINITION).length;
}

function occurrences(files: readonly RepositoryFile[], pattern: RegExp): { path: string; id: string }[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map((match) => ({ path, id: match[1] as string })),
  );
}

if (import.meta.main) {
  const specs = readRepositoryFiles((path) => /^docs\/spec\/.*\.md$/.test(path));
  const tests = readRepositoryFiles((path) => isTestOnly(path) && /\.tsx?$/.test(path));
  const problems = citationProblems(specs, tests);
  report({ name: "spec citations", saw: countRules(specs), atLeast: MIN_RULES, unit: "rules", problems });
}
