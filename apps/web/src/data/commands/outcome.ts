import { maxCommitOperations, type CommitOperation, type CommitResult, type ProblemCode } from "@satchel/protocol";
import type { Workspaces } from "../files/workspaces.ts";

/** What could not be done, by the name of the entry. */
export interface Failure {
  readonly name: string;
  readonly code: ProblemCode;
}

/** What came of a command. */
export interface Outcome {
  readonly done: number;
  readonly failures: readonly Failure[];
  /** Takes back what was done, where that is possible. */
  readonly undo: (() => Promise<Outcome>) | undefined;
}

/** An operation, and the name by which its failure is told. */
export interface Step {
  readonly name: string;
  readonly operation: CommitOperation;
}

/** Commits steps in batches, in order. `undoOf` says how to take back those that were done. */
export async function commitSteps(
  workspace: Workspaces,
  steps: readonly Step[],
  undoOf: ((done: readonly Step[]) => Promise<Outcome>) | undefined,
): Promise<Outcome> {
  const done: Step[] = [];
  const failures: Failure[] = [];
  for (let at = 0; at < steps.length; at += maxCommitOperations) {
    const batch = steps.slice(at, at + maxCommitOperations);
    const results = await workspace.commit(batch.map(({ operation }) => operation));
    batch.forEach((step, index) => sort(step, results[index], done, failures));
  }
  return { done: done.length, failures, undo: undoOf && done.length > 0 ? () => undoOf(done) : undefined };
}

function sort(step: Step, result: CommitResult | undefined, done: Step[], failures: Failure[]): void {
  if (result?.status === "done") done.push(step);
  else failures.push({ name: step.name, code: result?.code ?? "internal" });
}
