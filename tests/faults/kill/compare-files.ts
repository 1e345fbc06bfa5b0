import { dirname } from "node:path";
import type { OwnFiles } from "./own-files.ts";

/** How what a folder shows differs from what a person made. */
export interface Differences {
  /** What no kill excuses, a sentence each. */
  readonly faults: readonly string[];
  /** What the person had deleted or moved away, and is there again, in the case of a move instead of at its new place. */
  readonly cameBack: number;
  /** What the person had replaced, with the newer content beside it as a conflicted copy. */
  readonly copies: number;
}

/**
 * Compares them. A device that is killed between a commit and its answer may not know that the commit was its own; what its person
 * did to those files before it ran again then looks like the work of two: the file comes back, also from a move, or there is a conflicted copy. Anything else is a fault. [FT5]
 */
export function compareFiles(own: OwnFiles, shown: ReadonlyMap<string, string>): Differences {
  const expected = own.expected();
  const faults: string[] = [];
  const copied = new Set(
    [...shown].filter(([path]) => path.includes("(Conflicted copy")).map(([, item]) => contentOf(item)),
  );
  const unexpected = new Set([...shown].filter(([path]) => !expected.has(path)).map(([, item]) => contentOf(item)));
  let [cameBack, copies] = [0, 0];
  for (const [path, item] of expected) {
    const found = shown.get(path);
    if (found === item) continue;
    if (found !== undefined && own.wasWritten(found) && copied.has(contentOf(item))) copies += 1;
    else if (found !== undefined && found !== "folder" && contentOf(found) === contentOf(item)) copies += 1;
    else if (item === "folder" || !unexpected.has(contentOf(item)))
      faults.push(`${path} is ${found ?? "missing"} and not ${item}`);
  }
  for (const [path, item] of shown) {
    if (expected.has(path) || path.includes("(Conflicted copy")) continue;
    if (item === "folder" ? isParent(path, shown) : own.wasWritten(item)) cameBack += 1;
    else faults.push(`${path} is ${item}, which nobody made`);
  }
  return { faults, cameBack, copies };
}

function contentOf(item: string): string {
  return item.split(" ")[0] as string;
}

/** A folder that came back has something in it, or had until the second look. */
function isParent(path: string, shown: ReadonlyMap<string, string>): boolean {
  return [...shown.keys()].some((other) => dirname(other) === path);
}
