import { DiskError } from "../ports/disk.ts";
import type { Issue } from "../run/report/issues.ts";
import { aliasOf, nameOf } from "./alias-name.ts";
import { findPlatformProblem, holdsAllNames, linuxNames, type NameRules } from "./name-rules.ts";

/** More aliases than this are not kept in mind; who is not in the book is found on the disk, which takes a little longer. */
const maxKnown = 10_000;
/** More than this are not told one by one. */
const maxTold = 200;

/**
 * What is known of entries whose name on this disk is not their own. It is a help to find them, and to tell of them; what counts is what the disk shows, so the book may lack some, or be out of date.
 */
export class AliasBook {
  /** Names on the disk, by the path in the tree. */
  readonly #known = new Map<string, string>();
  #rules: NameRules = linuxNames;

  get rules(): NameRules {
    return this.#rules;
  }

  set rules(rules: NameRules) {
    this.#rules = rules;
    this.#known.clear();
  }

  get isNeeded(): boolean {
    return !holdsAllNames(this.#rules);
  }

  /** Where on the disk an entry most likely is. A name that has no alias is itself, and so not to be found. */
  toDisk(path: string): string {
    if (path === "" || !this.isNeeded) return path;
    const names = path.split("/");
    let at = "";
    const listed = names.map((name) => {
      at = at === "" ? name : `${at}/${name}`;
      return this.#known.get(at) ?? aliasOf(name, this.#rules) ?? name;
    });
    return listed.join("/");
  }

  /** Which path in the tree a path on the disk stands for. */
  fromDisk(path: string): string {
    if (!this.isNeeded) return path;
    return path
      .split("/")
      .map((listed) => nameOf(listed, this.#rules).name)
      .join("/");
  }

  /** The entry was found, or put, under this name. */
  note(path: string, listed: string): void {
    const isPlain = listed === nameIn(path);
    if (isPlain) this.#known.delete(path);
    else if (this.#known.has(path) || this.#known.size < maxKnown) this.#known.set(path, listed);
  }

  /** The entry is not there any more. */
  forget(path: string): void {
    this.#known.delete(path);
  }

  /** The entry has another path now, and so has what is in it. */
  moved(from: string, to: string): void {
    for (const [known, listed] of Array.from(this.#known)) {
      if (known !== from && !known.startsWith(`${from}/`)) continue;
      this.#known.delete(known);
      if (known !== from) this.#known.set(to + known.slice(from.length), listed);
    }
  }

  /** What a person is told of one entry; undefined when it has its own name. */
  messageFor(path: string): string | undefined {
    const listed = this.#known.get(path);
    return listed === undefined ? undefined : explain(nameIn(path), listed, this.#rules);
  }

  /** What a person is told: nothing is wrong, but the name is another one here. `isThere` says which paths there still are. [NM21] */
  issues(isThere: (path: string) => boolean): Issue[] {
    const issues: Issue[] = [];
    let untold = 0;
    for (const [path, listed] of this.#known) {
      if (!isThere(path)) this.#known.delete(path);
      else if (issues.length >= maxTold) untold += 1;
      else issues.push({ path, code: aliasCode, message: explain(nameIn(path), listed, this.#rules) });
    }
    if (untold > 0) {
      issues.push({
        path: "",
        code: aliasCode,
        message: `${untold} more items have another name on this disk; all are in sync.`,
      });
    }
    return issues;
  }
}

/** The code of an issue that is none: the item is in sync, under another name. */
const aliasCode = "name_alias";

function explain(name: string, listed: string, rules: NameRules): string {
  const problem = findPlatformProblem(name, rules);
  const isNamesake = nameOf(listed, rules).nth > 1;
  const why = isNamesake
    ? "another item beside it has a name that this disk takes for the same"
    : problem === undefined
      ? "the name itself would be read as another one here"
      : `the name ${problem}, which this disk can't hold`;
  return `On this device it is called "${listed}", because ${why}. It is in sync; a new name given here is given everywhere.`;
}

export function noAlias(path: string, rules: NameRules): DiskError {
  const why =
    findPlatformProblem(nameIn(path), rules) ??
    "is taken here, and every other way to write it is too long or taken too";
  return new DiskError(
    "name_not_possible",
    path,
    `The name ${why}, and this disk can't hold it in any form. It stays on the server and on other devices: give it another name there.`,
  );
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
