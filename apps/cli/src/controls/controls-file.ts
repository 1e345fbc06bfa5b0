import { readFile } from "node:fs/promises";
import type { EntryId } from "@satchel/protocol";
import type { Home } from "../home/home.ts";
import { writeFileAtomically } from "../home/write-file-atomically.ts";
import { CommandError, exitCode } from "../output/exit-code.ts";
import type { LimitRule } from "./timetable.ts";

/** What a person decided about how this device syncs; it holds over restarts. */
export interface Controls {
  readonly excluded: readonly ExcludedEntry[];
  /** Null while transfers run. `until`: an instant in milliseconds since 1970, or null for until `resume`. */
  readonly pause: { readonly untilMs: number | null } | null;
  readonly limits: readonly LimitRule[];
}

/** An entry that this device leaves out: known by its id, whatever others call it. */
export interface ExcludedEntry {
  readonly id: EntryId;
  /** Where it was when it was named, from the account's root. */
  readonly path: string;
}

export const noControls: Controls = { excluded: [], pause: null, limits: [] };

/** More than anybody names one by one. */
export const maxExcluded = 1000;

/** @throws CommandError when the file is there and can't be understood: to go on without it would bring back what was left out */
export async function readControls(home: Home): Promise<Controls> {
  let text: string;
  try {
    text = await readFile(home.controlsFile, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return noControls;
    throw error;
  }
  try {
    return { ...noControls, ...(JSON.parse(text) as Partial<Controls>) };
  } catch (error) {
    throw new CommandError(
      exitCode.failed,
      `${home.controlsFile} is damaged, which tells what this device leaves out: mend it, or remove it to begin without limits and exclusions.`,
      { cause: error },
    );
  }
}

export async function writeControls(home: Home, controls: Controls): Promise<void> {
  await writeFileAtomically(home.controlsFile, `${JSON.stringify(controls, null, 2)}\n`);
}

/** Whether transfers rest at this instant. */
export function isPausedAt({ pause }: Controls, nowMs: number): boolean {
  return pause !== null && (pause.untilMs === null || nowMs < pause.untilMs);
}
