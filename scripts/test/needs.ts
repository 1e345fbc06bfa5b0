import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { postgresBinaries } from "@satchel/testkit";
import type { Need } from "./ensure-installed.ts";

export const postgres: Need = {
  name: "PostgreSQL",
  packages: ["postgresql"],
  isThere: () => postgresBinaries() !== undefined,
  wayOut:
    "Install PostgreSQL yourself (its bin folder on PATH), or run the tests without it: SATCHEL_TEST_WITHOUT=postgres npm test",
};

/** Completion is tried in the shells that it is for; bash is there wherever these scripts run. */
export const shells: Need = {
  name: "A shell (zsh or fish)",
  packages: ["zsh", "fish"],
  isThere: () => ["zsh", "fish"].every(isOnPath),
  wayOut: "Install zsh and fish yourself, or run the tests without them: SATCHEL_TEST_WITHOUT=shells npm test",
};

/** The browser that tests drive. */
export const chromium: Need = {
  name: "Chromium",
  packages: ["chromium"],
  isThere: () => existsSync(process.env["SATCHEL_CHROMIUM"] ?? "/usr/bin/chromium"),
  wayOut: "Install Chromium yourself, and say where it is in SATCHEL_CHROMIUM.",
};

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}
