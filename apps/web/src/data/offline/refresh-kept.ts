import type { ApiClient } from "@satchel/api-client";
import { ProblemError, type EntryState } from "@satchel/protocol";
import { entryOfState, type Entry } from "../files/entry.ts";
import type { Workspaces } from "../files/workspaces.ts";
import { dropFile, keepApp, keepFile, keptFiles } from "./kept-files.ts";
import { keptIds } from "./kept-ids.ts";

/** Brings what is kept up to date, now and with each change that is heard of, one file after the other. */
export async function refreshKept(api: ApiClient, workspace: Workspaces): Promise<void> {
  let working = Promise.resolve();
  workspace.watchChanges((changes) => {
    for (const change of changes)
      if (keptIds().has(change.id)) working = working.then(() => follow(api, change)).catch(() => undefined);
  });
  await keepApp();
  for (const kept of await keptFiles()) await lookAgain(api, kept);
}

async function follow(api: ApiClient, change: EntryState): Promise<void> {
  await (change.deleted ? dropFile(change.id) : keepFile(api, entryOfState(change)));
}

/** What can't be asked now is asked the next time. */
async function lookAgain(api: ApiClient, kept: Entry): Promise<void> {
  try {
    const now = await api.metadata({ fileId: kept.id });
    const entry = { ...kept, name: now.name, latest_version: now.latest_version, size: now.size };
    if (now.latest_version !== kept.latest_version || now.name !== kept.name) await keepFile(api, entry);
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not_found") await dropFile(kept.id);
  }
}
