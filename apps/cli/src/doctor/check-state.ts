import { inspectState, type StateFindings } from "@satchel/engine";
import { ok, problem, skipped, type Finding } from "./finding.ts";

/** The device's database, and what it tells of the folder's size. */
export function checkState(path: string): { readonly finding: Finding; readonly folders: number | undefined } {
  const state = inspectState(path);
  return { finding: describe(state), folders: state.health === "sound" ? state.folders : undefined };
}

function describe(state: StateFindings): Finding {
  switch (state.health) {
    case "missing":
      return skipped("database", "Nothing was synced here yet.");
    case "damaged":
      return problem(
        "database",
        `This device's database is damaged (${state.detail}).`,
        "`satchel stop`, then remove it from the home: it is made anew, and no file is touched.",
      );
    case "sound":
      return ok("database", `This device's database is sound: ${state.files} files in ${state.folders} folders.`);
  }
}
