import { isTestOnly, readRepositoryFiles, type RepositoryFile } from "./repository-files.ts";
import { report } from "./report.ts";
import { definedRules } from "./spec-citations.ts";

const MIN_CITATIONS = 50;
/** Where paths in pages may begin: in the repository, or in the server, which most of them are about. */
const BASES = ["", "apps/server/src/"];
const RULE = /\b([A-Z]{2,4})\d+\b/g;
const FILE = /`([\w@.-]+(?:\/[\w@.-]+)+\.tsx?)`/g;
/** `SE20 to SE23 \`http/quota.test.ts\``: a test is said to show these rules. */
const SHOWN_BY = /((?:[A-Z]{2,4}\d+(?:, | to | and )?)+) `([\w@./-]+\.(?:test|contract)\.ts)`/g;

/** What pages claim and the repository doesn't bear out: rules and files that don't exist, and tests that show none of the rules that they are named for. A sentence each. */
export function pageProblems(
  pages: readonly RepositoryFile[],
  { specs, code }: { readonly specs: readonly RepositoryFile[]; readonly code: readonly RepositoryFile[] },
): string[] {
  const rules = definedRules(specs);
  const prefixes = new Set([...rules].map((id) => id.replace(/\d+$/, "")));
  const files = new Map(code.map(({ path, text }) => [path, text]));
  const find = (path: string): string | undefined =>
    BASES.map((base) => files.get(base + path)).find((text) => text !== undefined);
  return pages.flatMap(({ path: page, text }) => {
    const problems: string[] = [];
    for (const [id, prefix = ""] of text.matchAll(RULE)) {
      if (prefixes.has(prefix) && !rules.has(id)) problems.push(`${page} names the rule ${id}, which doesn't exist`);
    }
    for (const [, path = ""] of text.matchAll(FILE)) {
      if (find(path) === undefined) problems.push(`${page} names ${path}, which doesn't exist`);
    }
    for (const [, ids = "", path = ""] of text.matchAll(SHOWN_BY)) {
      const test = find(path) ?? "";
      const isShown = [...ids.matchAll(RULE)].some(([id]) => test.includes(`[${id}]`));
      if (test !== "" && !isShown) problems.push(`${page} says that ${path} shows ${ids}, but it cites none of them`);
    }
    return [...new Set(problems)];
  });
}

/** How many rules and files pages name. */
export function countCitations(pages: readonly RepositoryFile[]): number {
  return pages.flatMap(({ text }) => [...text.matchAll(RULE), ...text.matchAll(FILE)]).length;
}

if (import.meta.main) {
  const pages = readRepositoryFiles((path) => /^docs\/(?:operate\/)?[\w-]+\.md$/.test(path));
  const specs = readRepositoryFiles((path) => /^docs\/spec\/.*\.md$/.test(path));
  const code = readRepositoryFiles((path) => /\.tsx?$/.test(path) && (isTestOnly(path) || !path.endsWith(".d.ts")));
  const problems = pageProblems(pages, { specs, code });
  report({ name: "page citations", saw: countCitations(pages), atLeast: MIN_CITATIONS, unit: "citations", problems });
}
