import { homedir } from "node:os";
import { readRepositoryFiles, repositoryRoot, type RepositoryFile } from "./repository-files.ts";
import { report } from "./report.ts";

const MIN_FILES = 80;
const BINARY = /\.(png|jpg|gif|ico|woff2|wasm|gz|zip|pdf)$/;

/** Something that belongs to one machine or one person, and not in a public repository. */
interface PrivateWord {
  readonly pattern: RegExp;
  readonly what: string;
}

const EVERYWHERE: readonly PrivateWord[] = [
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+\S/, what: "a private key" },
  { pattern: /\bAKIA[0-9A-Z]{16}\b/, what: "an access key of a cloud" },
  { pattern: /\b(?:ghp|gho|ghs|github_pat|glpat|npm|xox[abp])[_-][A-Za-z0-9_-]{30,}/, what: "an access token" },
  { pattern: /\/\/[^\s/"'`]+\/:_(?:authToken|auth|password)\s*=/, what: "a registry's credentials" },
  { pattern: /https?:\/\/[\w.-]*\b(?:artifactory|nexus|verdaccio)\b/i, what: "the host of a private registry" },
  { pattern: /https?:\/\/[\w-]+(?:\.[\w-]+)*\.(?:corp|internal|intranet|lan)\b/i, what: "a host of a private network" },
];

/** The words that would give away the machine that the check runs on. */
export function wordsOfThisMachine(checkout: string, home: string): PrivateWord[] {
  const paths = [
    { path: checkout, what: "this machine's path of the checkout" },
    { path: home, what: "a home directory of this machine" },
  ];
  return paths
    .filter(({ path }) => path.length > 2)
    .map(({ path, what }) => ({ pattern: new RegExp(`(?<![\\w.~-])${RegExp.escape(path)}(?![\\w-])`), what }));
}

/** Where the files hold something private; a sentence each. */
export function privateWordProblems(files: readonly RepositoryFile[], words: readonly PrivateWord[]): string[] {
  return files.flatMap(({ path, text }) =>
    words.flatMap(({ pattern, what }) => {
      const match = pattern.exec(text);
      if (match === null) return [];
      return [`${path}:${text.slice(0, match.index).split("\n").length} holds ${what}`];
    }),
  );
}

/** The words that are private on every machine. */
export const privateWords = EVERYWHERE;

if (import.meta.main) {
  const files = readRepositoryFiles((path) => !BINARY.test(path));
  const problems = privateWordProblems(files, [...EVERYWHERE, ...wordsOfThisMachine(repositoryRoot, homedir())]);
  report({ name: "private words", saw: files.length, atLeast: MIN_FILES, unit: "files", problems });
}
