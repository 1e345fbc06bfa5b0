import { posix } from "node:path";
import type { ConflictedCopy } from "@satchel/protocol";
import { CommandError, exitCode } from "../../output/exit-code.ts";
import { formatRemotePath, parseRemotePath } from "../../tree/remote-path.ts";

/**
 * The conflicts that paths name: of a copy by its path, all of a file by its own, or whatever a pattern with `*`, `?` and `**` fits. Each once.
 *
 * @throws CommandError for a path that names none
 */
export function chooseConflicts(conflicts: readonly ConflictedCopy[], paths: readonly string[]): ConflictedCopy[] {
  const chosen = new Set<ConflictedCopy>();
  for (const path of paths) {
    const named = formatRemotePath(parseRemotePath(path));
    const exact = conflicts.filter(({ path: copy, original_path: original }) => copy === named || original === named);
    const found = exact.length > 0 ? exact : conflicts.filter(({ path: copy }) => posix.matchesGlob(copy, named));
    if (found.length === 0)
      throw new CommandError(
        exitCode.failed,
        `There is no conflict at ${named}: \`satchel conflicts\` lists those that there are.`,
      );
    for (const conflict of found) chosen.add(conflict);
  }
  return [...chosen];
}
