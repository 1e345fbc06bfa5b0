import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findBrowser, postgresBinaries } from "@satchel/testkit";
import type { Need } from "./ensure-installed.ts";

export const postgres: Need = {
  name: "PostgreSQL",
  packages: ["postgresql"],
  isThere: () => postgresBinaries() !== undefined,
  wayOut:
    "Install PostgreSQL yourself (its bin folder on PATH), or run the tests without it: SATCHEL_TEST_WITHOUT=postgres npm test",
};

/** The pages of an account are tried in a real browser. */
export const browser: Need = {
  name: "A browser (Chromium)",
  packages: ["chromium"],
  isThere: () => findBrowser() !== undefined,
  wayOut:
    "Install Chromium yourself (or name it by SATCHEL_CHROMIUM), or run the tests without it: SATCHEL_TEST_WITHOUT=browser npm test",
};

/** Completion is tried in the shells that it is for; bash is there wherever these scripts run. */
export const shells: Need = {
  name: "A shell (zsh or fish)",
  packages: ["zsh", "fish"],
  isThere: () => ["zsh", "fish"].every(isOnPath),
  wayOut: "Install zsh and fish yourself, or run the tests without them: SATCHEL_TEST_WITHOUT=shells npm test",
};

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}
