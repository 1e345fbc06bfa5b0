import { idPartBytes, makeEntryId, ProblemError, workspaceOfEntry, type EntryId } from "@satchel/protocol";
import type { ApiClient } from "@satchel/api-client";
import type { Entry } from "../files/entry.ts";
import type { Workspaces } from "../files/workspaces.ts";
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

/** An id for something new in the folder. */
export function newEntryId(parentId: EntryId): EntryId {
  return makeEntryId(workspaceOfEntry(parentId), crypto.getRandomValues(new Uint8Array(idPartBytes)));
}

export async function createFolder(workspace: Workspaces, place: Place): Promise<{ id: EntryId; outcome: Outcome }> {
  const id = newEntryId(place.parentId);
  const step: Step = {
    name: place.name,
    operation: { op: "create_folder", id, parent_id: place.parentId, name: place.name },
  };
  const outcome = await commitSteps(workspace, [step], () => deleteAgain(workspace, id, place.name));
  return { id, outcome };
}

/** Moves and renames. Undoing puts each back where it was, as long as it still is where this put it. */
export async function moveEntries(workspace: Workspaces, moves: readonly Move[]): Promise<Outcome> {
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

/** Into the trash; a shared folder only goes from the account's own files. Undoing brings each back to the folder. */
export async function removeEntries(
  api: ApiClient,
  workspace: Workspaces,
  entries: readonly Entry[],
  folderId: EntryId,
): Promise<Outcome> {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const steps = entries.map(({ id, name }) => ({ name, operation: { op: "delete", id } as const }));
  return commitSteps(workspace, steps, (done) => {
    const removed = done.flatMap(
      ({ operation }) => byId.get(operation.op === "delete" ? operation.id : folderId) ?? [],
    );
    return bringBack(workspace, removed, ({ id, name, mounts }) =>
      mounts === undefined
        ? api.restore({ file_id: id })
        : api.acceptShare({ workspaceId: mounts, parentId: folderId, name }),
    );
  });
}

/** How many restorations are asked for at once. */
const maxRestoring = 8;

/** Out of the trash, to where each was. */
export function restoreEntries(
  api: ApiClient,
  workspace: Workspaces,
  entries: readonly Pick<Entry, "id" | "name">[],
): Promise<Outcome> {
  return bringBack(workspace, entries, ({ id }) => api.restore({ file_id: id }));
}

async function bringBack<Gone extends Pick<Entry, "name">>(
  workspace: Workspaces,
  entries: readonly Gone[],
  bring: (entry: Gone) => Promise<unknown>,
): Promise<Outcome> {
  const failures: Failure[] = [];
  const waiting = [...entries];
  const work = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      try {
        await bring(entry);
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

async function deleteAgain(workspace: Workspaces, id: EntryId, name: string): Promise<Outcome> {
  return commitSteps(workspace, [{ name, operation: { op: "delete", id } }], undefined);
}
