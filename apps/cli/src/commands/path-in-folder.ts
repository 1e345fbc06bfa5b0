import { relative, resolve, sep } from "node:path";
import { CommandError, exitCode } from "../output/exit-code.ts";

/** A path as the shell names it, from the current directory, as the engine names it: from the folder, with '/', empty for the folder itself. */
export function pathInFolder(place: { cwd: string; folder: string; path: string }): string {
  const { cwd, folder, path } = place;
  const inFolder = relative(folder, resolve(cwd, path));
  if (inFolder === ".." || inFolder.startsWith(`..${sep}`)) {
    throw new CommandError(
      exitCode.usage,
      `${path} is not in the folder that is kept in sync, ${folder}: name something inside of it.`,
    );
  }
  return inFolder.split(sep).join("/");
}
