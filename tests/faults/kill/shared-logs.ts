import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SeededRandom } from "@satchel/testkit";
import { logLine } from "./stamped-content.ts";

/** Files that the people of all devices append to: none of their lines may ever be missing, if need be from a conflicted copy. */
export interface SharedLogs {
  /** Appends a line to one of them, in the folder of a device. */
  append(writer: { name: string; folder: string }, random: SeededRandom): void;
  lineCount(): number;
  /** Lines that no file of this device's folder has. */
  missingIn(folder: string): string[];
}

/** Their folder, in the synced one. */
export const sharedFolder = "shared";
const FILES = 4;

/** None written yet. */
export function sharedLogs(): SharedLogs {
  const lines = new Set<string>();
  return {
    append: ({ name, folder }, random) => {
      const directory = join(folder, sharedFolder);
      mkdirSync(directory, { recursive: true });
      const path = join(directory, `log-${random.below(FILES)}.txt`);
      const line = logLine(name, lines.size, random);
      appendFileSync(path, line);
      // As an editor that finds the file replaced under its hands: the line went into the one that was there before.
      if (!readFileSync(path, "utf8").includes(line)) appendFileSync(path, line);
      lines.add(line);
    },
    lineCount: () => lines.size,
    missingIn: (folder) => {
      const directory = join(folder, sharedFolder);
      const found = new Set<string>();
      for (const name of lines.size === 0 ? [] : readdirSync(directory))
        for (const line of readFileSync(join(directory, name), "utf8").split(/(?<=\n)/)) found.add(line);
      return [...lines].filter((line) => !found.has(line));
    },
  };
}
