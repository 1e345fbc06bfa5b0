import { idPartBytes, makeEntryId, ProblemError, type EntryId } from "@satchel/protocol";
import type { ApiClient } from "@satchel/api-client";
import type { Entry } from "../files/entry.ts";
import type { Workspace } from "../files/workspace.ts";
import { commitSteps, type Failure, type Outcome, type Step } from "./outcome.ts";

/** Where an entry is, and what it is called there. */
export interface Place {
  readonly parentId: EntryId;
  readonly name: string;
}

/** An entry that is moved or renamed, from one place to another. */
export interface Move {
  readonly entry: Entry;
  readonly from: Place;
  readonly to: Place;
}

export function newEntryId(workspace: Workspace): EntryId {
  return makeEntryId(workspace.id, crypto.getRandomValues(new Uint8Array(idPartBytes)));
}

export async function createFolder(workspace: Workspace, place: Place): Promise<{ id: EntryId; outcome: Outcome }> {
  const id = newEntryId(workspace);
  const step: Step = {
    name: place.name,
    operation: { op: "create_folder", id, parent_id: place.parentId, name: place.name },
  };
  const outcome = await commitSteps(workspace, [step], () => deleteAgain(workspace, id, place.name));
  return { id, outcome };
}

/** Moves and renames. Undoing puts each back where it was, as long as it still is where this put it. */
export async function moveEntries(workspace: Workspace, moves: readonly Move[]): Promise<Outcome> {
  const byId = new Map(moves.map((move) => [move.entry.id, move]));
  return commitSteps(workspace, moves.map(moveStep), async (done) => {
    const back = done.flatMap(
      ({ operation }) => byId.get(operation.op === "move" ? operation.id : ("" as EntryId)) ?? [],
    );
    return moveEntries(
      workspace,
      back.map(({ entry, from, to }) => ({ entry, from: to, to: from })),
    );
  });
}

function moveStep({ entry, from, to }: Move): Step {
  const operation = {
    op: "move",
    id: entry.id,
    parent_id: to.parentId,
    name: to.name,
    base_parent_id: from.parentId,
    base_name: from.name,
  } as const;
  return { name: entry.name, operation };
}

/** Into the trash. Undoing brings each back from there. */
export async function removeEntries(api: ApiClient, workspace: Workspace, entries: readonly Entry[]): Promise<Outcome> {
  const steps = entries.map(({ id, name }) => ({ name, operation: { op: "delete", id } as const }));
  return commitSteps(workspace, steps, (done) => restoreEntries(api, workspace, done.map(removed)));
}

function removed({ name, operation }: Step): Pick<Entry, "id" | "name"> {
  if (operation.op !== "delete") throw new Error("only a deletion is taken back by a restoration");
  return { id: operation.id, name };
}

/** How many restorations are asked for at once. */
const maxRestoring = 8;

/** Out of the trash, to where each was. */
export async function restoreEntries(
  api: ApiClient,
  workspace: Workspace,
  entries: readonly Pick<Entry, "id" | "name">[],
): Promise<Outcome> {
  const failures: Failure[] = [];
  const waiting = [...entries];
  const work = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      try {
        await api.restore({ file_id: entry.id });
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        failures.push({ name: entry.name, code: error.code });
      }
    }
  };
  await Promise.all(Array.from({ length: maxRestoring }, work));
  await workspace.refresh();
  return { done: entries.length - failures.length, failures, undo: undefined };
}

async function deleteAgain(workspace: Workspace, id: EntryId, name: string): Promise<Outcome> {
  return commitSteps(workspace, [{ name, operation: { op: "delete", id } }], undefined);
}
