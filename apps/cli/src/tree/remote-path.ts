import { findNameProblem } from "@satchel/protocol";
import { CommandError, exitCode } from "../output/exit-code.ts";

/** The names along a path from the account's root, such as `/docs/a.txt`; none for the root. A slash at either end may be left out or added. */
export function parseRemotePath(path: string): string[] {
  const names = path.replace(/^\//, "").replace(/\/$/, "").split("/");
  if (names.length === 1 && names[0] === "") return [];
  for (const name of names) {
    const problem = findNameProblem(name);
    if (problem)
      throw new CommandError(
        exitCode.usage,
        `${JSON.stringify(path)} is no path, because a name in it ${problem}: write it as in /docs/a.txt.`,
      );
  }
  return names;
}

export function formatRemotePath(names: readonly string[]): string {
  return `/${names.join("/")}`;
}
