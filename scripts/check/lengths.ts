import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { isCode, isTestOnly, readRepositoryFiles, repositoryRoot, type RepositoryFile } from "./repository-files.ts";
import { report } from "./report.ts";

/** Lines. Longer ones stand in the ratchet with their length, which may only shrink. */
const MAX_FILE_LINES = 400;
/** Lines of a function outside tests, where a suite is one long function. */
const MAX_FUNCTION_LINES = 70;
/** A migration is a list of statements that nobody edits once it is released. */
const MIGRATION = /\/migrations\/\d+-/;
const MIN_FILES = 60;
const RATCHET = "scripts/check/length-ratchet.json";

/** Length in lines, by `path` or `path#function`. */
export type Lengths = Readonly<Record<string, number>>;

/** The files and functions that are too long, with their length. */
export function findLong(files: readonly RepositoryFile[]): Lengths {
  const long: Record<string, number> = {};
  for (const { path, text } of files) {
    const lines = text.split("\n").length - 1;
    if (lines > MAX_FILE_LINES) long[path] = lines;
    if (isTestOnly(path) || MIGRATION.test(path)) continue;
    for (const [name, length] of functionLengths(path, text)) {
      if (length > MAX_FUNCTION_LINES) long[`${path}#${name}`] = length;
    }
  }
  return long;
}

/** What grew, what is newly too long, and what shrank without the ratchet following; a sentence each. */
export function ratchetProblems(long: Lengths, ratchet: Lengths): string[] {
  const problems: string[] = [];
  for (const [what, lines] of Object.entries(long)) {
    const allowed = ratchet[what];
    const limit = what.includes("#") ? MAX_FUNCTION_LINES : MAX_FILE_LINES;
    if (allowed === undefined)
      problems.push(`${what} has ${lines} lines, more than ${limit}: split it where its idea divides`);
    else if (lines > allowed)
      problems.push(`${what} grew from ${allowed} to ${lines} lines: what is too long may only shrink`);
  }
  for (const [what, allowed] of Object.entries(ratchet)) {
    if ((long[what] ?? 0) < allowed)
      problems.push(`${what} got shorter, well done: run \`npm run fix\` to lower it in ${RATCHET}`);
  }
  return problems;
}

/** The ratchet after a look: entries that got shorter follow, none is added and none grows. */
export function tightened(long: Lengths, ratchet: Lengths): Lengths {
  return Object.fromEntries(
    Object.entries(ratchet).flatMap(([what, allowed]) => {
      const lines = long[what];
      return lines === undefined ? [] : [[what, Math.min(lines, allowed)] as const];
    }),
  );
}

function functionLengths(path: string, text: string): Map<string, number> {
  const lengths = new Map<string, number>();
  const names = new Map<number, string>();
  const nameIt = (key: { type: string; name?: unknown }, value: { start: number } | null): void => {
    if (value !== null && typeof key.name === "string") names.set(value.start, key.name);
  };
  const measure = (node: { start: number; end: number; id?: { name: string } | null }): void => {
    const before = text.slice(0, node.start).split("\n").length;
    const lines = text.slice(node.start, node.end).split("\n").length;
    const name = node.id?.name ?? names.get(node.start) ?? `line-${before}`;
    lengths.set(name, Math.max(lines, lengths.get(name) ?? 0));
  };
  new Visitor({
    VariableDeclarator: (node) => nameIt(node.id, node.init),
    MethodDefinition: (node) => nameIt(node.key, node.value),
    PropertyDefinition: (node) => nameIt(node.key, node.value),
    Property: (node) => nameIt(node.key, node.value),
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(parseSync(path, text).program);
  return lengths;
}

if (import.meta.main) {
  const files = readRepositoryFiles(isCode);
  const long = findLong(files);
  const ratchetPath = join(repositoryRoot, RATCHET);
  const ratchet = JSON.parse(readFileSync(ratchetPath, "utf8")) as Lengths;
  if (process.argv.includes("--tighten")) {
    writeFileSync(ratchetPath, `${JSON.stringify(tightened(long, ratchet), null, 2)}\n`);
  } else {
    report({
      name: "lengths",
      saw: files.length,
      atLeast: MIN_FILES,
      unit: "files",
      problems: ratchetProblems(long, ratchet),
    });
  }
}
