import { relative, resolve, sep } from "node:path";
import { CommandError, exitCode } from "../output/exit-code.ts";

export interface NamedPlace {
  readonly cwd: string;
  readonly folder: string;
  /** As the shell names it. */
  readonly path: string;
}

/** A path as the shell names it, from the current directory, as the engine names it: from the folder, with '/', empty for the folder itself. */
export function pathInFolder(place: NamedPlace): string {
  const { cwd, folder, path } = place;
  if (!isInFolder(place)) {
    throw new CommandError(
      exitCode.usage,
      `${path} is not in the folder that is kept in sync, ${folder}: name something inside of it.`,
    );
  }
  return relative(folder, resolve(cwd, path)).split(sep).join("/");
}

export function isInFolder({ cwd, folder, path }: NamedPlace): boolean {
  const inFolder = relative(folder, resolve(cwd, path));
  return inFolder !== ".." && !inFolder.startsWith(`..${sep}`);
}
