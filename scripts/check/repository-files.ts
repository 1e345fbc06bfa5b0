import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A text file of the repository. */
export interface RepositoryFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The checkout that these checks belong to. */
export const repositoryRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const CODE = /\.(ts|tsx|mts|mjs|js)$/;
const GENERATOR = /(^|\/)generate-[^/]+\.ts$/;
const TEST_ONLY = /\.(test|fixture|contract|bench)\.tsx?$/;
const MAX_LISTING_BYTES = 64 * 1024 * 1024;

/** What git tracks or would track: new files count, ignored and deleted ones don't. */
export function listRepositoryPaths(root = repositoryRoot): string[] {
  const listing = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: MAX_LISTING_BYTES,
  });
  return [...new Set(listing.split("\0"))].filter((path) => path !== "" && existsSync(join(root, path))).toSorted();
}

/** Reads the files whose paths a check wants. */
export function readRepositoryFiles(wants: (path: string) => boolean, root = repositoryRoot): RepositoryFile[] {
  return listRepositoryPaths(root)
    .filter(wants)
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** TypeScript or JavaScript that people write. */
export function isCode(path: string): boolean {
  return CODE.test(path) && !path.endsWith(".d.ts");
}

/** Tests, measurements and what only they import: `*.test.ts`, `*.fixture.ts`, `*.contract.ts` (a suite for every implementation), `*.bench.ts`. */
export function isTestOnly(path: string): boolean {
  return TEST_ONLY.test(path) || path.startsWith("tests/");
}

/** What never runs on a person's machine once it is built: tests, the programs that write committed source, `generate-*.ts`, and builds' configurations. */
export function isDevelopmentOnly(path: string): boolean {
  return isTestOnly(path) || GENERATOR.test(path) || path.endsWith("/vite.config.ts");
}
