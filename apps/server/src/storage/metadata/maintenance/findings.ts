import type { WorkspaceId } from "@satchel/protocol";
import type { CheckProblem, CheckReport } from "../maintenance-store.ts";

/** More problems than this are not listed: the first ones tell what happened. */
const maxProblems = 1000;

/** What a check of one workspace has found so far. */
export class Findings {
  readonly #workspaceId: WorkspaceId;
  readonly #problems: CheckProblem[] = [];
  readonly #checked: Record<string, number> = {};

  constructor(workspaceId: WorkspaceId) {
    this.#workspaceId = workspaceId;
  }

  count(what: string, number: number): void {
    this.#checked[what] = (this.#checked[what] ?? 0) + number;
  }

  add(code: string, message: string): void {
    if (this.#problems.length < maxProblems) this.#problems.push({ code, workspaceId: this.#workspaceId, message });
  }

  report(): CheckReport {
    return { problems: this.#problems, checked: this.#checked };
  }
}
