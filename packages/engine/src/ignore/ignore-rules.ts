import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ignoreFileName } from "@satchel/protocol";
import ignore from "ignore";
import type { Ignore } from "ignore";
import { builtInRules, mayBeBuiltIn } from "./built-in-rules.ts";

/** Why something is left out. */
export interface IgnoreRule {
  readonly pattern: string;
  /** `FOLDER/.satchelignore:LINE`, from the synced folder, or `built in`. */
  readonly source: string;
}

/** The rules of a synced folder, as they were when they were first asked for. */
export interface IgnoreRules {
  /** The rule that leaves the item out, itself or with a folder that it is in. The path is relative, with '/'. */
  find(path: string, isFolder: boolean): IgnoreRule | undefined;
}

/** A larger ignore file counts as none, in bytes. */
export const maxIgnoreFileBytes = 1024 * 1024;

/**
 * The rules of the folder at `root`: `.satchelignore` in any folder, the deeper ones first, then what is built in. What lies in a folder that is left out is left out. Ignore
 * files are read when the first item of their folder is asked for.
 * @param toDisk where in the folder a path of the tree is, for a disk that has some under another name [IG6]
 */
export function readIgnoreRules(root: string, toDisk = (path: string): string => path): IgnoreRules {
  return ignoreRulesOf((path) => readOwnFile(join(root, toDisk(path))));
}

/** The same for ignore files that are read in another way: by their relative paths, undefined where there is none. */
export function ignoreRulesOf(read: (path: string) => string | undefined): IgnoreRules {
  const builtIn = openBuiltIn();
  const files = new Map<string, RuleFile | undefined>();
  const folders = new Map<string, IgnoreRule | undefined>();

  function fileOf(folder: string): RuleFile | undefined {
    if (!files.has(folder)) files.set(folder, readRuleFile(read, folder));
    return files.get(folder);
  }
  function findFolder(path: string): IgnoreRule | undefined {
    if (path === "") return undefined;
    if (!folders.has(path)) folders.set(path, find(path, true));
    return folders.get(path);
  }
  function find(path: string, isFolder: boolean): IgnoreRule | undefined {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const above = findFolder(parent);
    if (above) return above;
    for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
      const verdict = fileOf(folder)?.test(folder === "" ? path : path.slice(folder.length + 1), isFolder);
      if (verdict) return verdict === "kept" ? undefined : verdict;
      if (folder === "") break;
    }
    const verdict = mayBeBuiltIn.test(path) ? builtIn.test(path, isFolder) : undefined;
    return verdict === "kept" ? undefined : verdict;
  }
  return { find: (path, isFolder) => (isFolder ? findFolder(path) : find(path, false)) };
}

let builtInFile: RuleFile | undefined;

/** The same for all folders: rules are read anew often, and these never change. */
function openBuiltIn(): RuleFile {
  builtInFile ??= new RuleFile(builtInRules.map((pattern) => ({ pattern, mark: "built in" })));
  return builtInFile;
}

/** Where a rule came from is its mark. */
interface MarkedPattern {
  readonly pattern: string;
  readonly mark: string;
}

/** The matcher remembers each path that it saw; it is made anew after so many. */
const maxRemembered = 10_000;

/** One ignore file's rules. */
class RuleFile {
  readonly #patterns: readonly MarkedPattern[];
  #matcher: Ignore;
  #remembered = 0;

  constructor(patterns: readonly MarkedPattern[]) {
    this.#patterns = patterns;
    this.#matcher = this.#makeMatcher();
  }

  /** The path from this file's folder. Undefined when no rule applies. */
  test(path: string, isFolder: boolean): IgnoreRule | "kept" | undefined {
    if (++this.#remembered > maxRemembered) {
      this.#matcher = this.#makeMatcher();
      this.#remembered = 1;
    }
    const { unignored, rule } = this.#matcher.test(isFolder ? `${path}/` : path);
    if (rule) return { pattern: rule.pattern, source: rule.mark ?? "" };
    return unignored ? "kept" : undefined;
  }

  #makeMatcher(): Ignore {
    return ignore({ ignorecase: false, allowRelativePaths: true }).add(this.#patterns);
  }
}

/** Undefined when the folder has none. */
function readRuleFile(read: (path: string) => string | undefined, folder: string): RuleFile | undefined {
  const path = folder === "" ? ignoreFileName : `${folder}/${ignoreFileName}`;
  const text = read(path);
  if (text === undefined) return undefined;
  return new RuleFile(text.split(/\r?\n/).map((pattern, i) => ({ pattern, mark: `${path}:${i + 1}` })));
}

/** Undefined when there is none. A link is not followed. */
function readOwnFile(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    // Most folders have none, and to be told so by an error takes ten times as long.
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(descriptor);
    return stat.isFile() && stat.size <= maxIgnoreFileBytes ? readFileSync(descriptor, "utf8") : undefined;
  } catch {
    // Missing, unreadable, a link: no rules. The scan tells what can't be read.
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
