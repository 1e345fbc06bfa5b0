import { ServerWentBackError } from "../../feed/remote-feed.ts";
import { DiskError } from "../../ports/disk.ts";
import { StateUnwritableError } from "../../state/state-unwritable-error.ts";
import { diskIssue } from "../report/disk-issue.ts";
import type { Issue } from "../report/issues.ts";
import { RootChangedError } from "../outside/root-guard.ts";

/** What a turn of the loop failed over, where it is worth another try. */
export interface TurnFailure {
  readonly issue: Issue;
  /** The books lost something: disk and server have to be looked at anew. */
  readonly losesBooks: boolean;
}

/** Undefined for what needs a person before the engine can run again, and for faults of its own. */
export function describeTurnFailure(error: unknown): TurnFailure | undefined {
  if (error instanceof RootChangedError) return { issue: issueOf("", error.code, error), losesBooks: true };
  if (error instanceof ServerWentBackError) return { issue: issueOf("", "server_went_back", error), losesBooks: false };
  if (error instanceof StateUnwritableError) return { issue: issueOf("", "state_unwritable", error), losesBooks: true };
  if (error instanceof DiskError) return { issue: diskIssue(error.path, error), losesBooks: true };
  return undefined;
}

function issueOf(path: string, code: string, { message }: Error): Issue {
  return { path, code, message };
}
