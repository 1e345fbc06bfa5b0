import { ProblemError, type EntryId } from "@satchel/protocol";
import { OfflineError, type ApiClient } from "@satchel/api-client";
import type { Workspaces } from "../files/workspaces.ts";
import type { Move } from "./change-tree.ts";
import { commitSteps, type Failure, type Outcome } from "./outcome.ts";

interface Moved {
  readonly name: string;
  readonly fromId: EntryId;
  readonly toId: EntryId;
}

/** Moves into, or out of, a shared folder, one after the other: versions go along. Undoing brings each back from the trash where it was, and puts what was made of it there into that folder's trash. */
export async function moveAcross(api: ApiClient, workspace: Workspaces, moves: readonly Move[]): Promise<Outcome> {
  const done: Moved[] = [];
  const failures: Failure[] = [];
  for (const [index, { entry, to }] of moves.entries()) {
    try {
      const request = { file_id: entry.id, parent_folder_id: to.parentId, name: to.name };
      const { file_id: toId } = await api.transfer(request);
      done.push({ name: to.name, fromId: entry.id, toId });
    } catch (error) {
      if (error instanceof OfflineError && done.length > 0) {
        // The server went away in the middle: what is done is told, and can be taken back.
        failures.push(...moves.slice(index).map(({ entry: { name } }) => ({ name, code: "unavailable" as const })));
        break;
      }
      if (!(error instanceof ProblemError)) throw error;
      failures.push({ name: entry.name, code: error.code });
    }
  }
  await workspace.refresh();
  const undo = done.length === 0 ? undefined : () => takeBack(api, workspace, done);
  return { done: done.length, failures, undo };
}

/** First there again, then here no more: at no time is it nowhere. */
async function takeBack(api: ApiClient, workspace: Workspaces, moved: readonly Moved[]): Promise<Outcome> {
  const back: Moved[] = [];
  const failures: Failure[] = [];
  for (const each of moved) {
    try {
      await api.restore({ file_id: each.fromId });
      back.push(each);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      failures.push({ name: each.name, code: error.code });
    }
  }
  await workspace.refresh();
  const steps = back.map(({ name, toId }) => ({ name, operation: { op: "delete", id: toId } as const }));
  const outcome = await commitSteps(workspace, steps, undefined);
  return { ...outcome, failures: [...failures, ...outcome.failures] };
}
