import type { ApiClient } from "@satchel/api-client";
import { ProblemError, type EntryState } from "@satchel/protocol";
import { entryOfState, type Entry } from "../files/entry.ts";
import type { Workspaces } from "../files/workspaces.ts";
import { dropFile, keepApp, keptFiles, renewFile } from "./kept-files.ts";
import { keptIds } from "./kept-ids.ts";

type Asked = Pick<ApiClient, "contentUrl" | "metadata">;
type Followed = Pick<Workspaces, "watchChanges">;

const followed = new WeakSet<Followed>();

/** Brings what is kept up to date, now and with each change that is heard of. */
export async function refreshKept(api: Asked, workspace: Followed): Promise<void> {
  followKept(api, workspace);
  await lookAtAll(api);
  await keepApp();
}

/** Brings what is kept up to date with each change that is heard of, one file after the other. What is followed already stays so. */
export function followKept(api: Asked, workspace: Followed): void {
  if (followed.has(workspace)) return;
  followed.add(workspace);
  let working = Promise.resolve();
  const next = (work: () => Promise<void>): void => {
    working = working.then(work).catch(() => undefined);
  };
  workspace.watchChanges((changes) => {
    const ids = keptIds();
    if (ids.size === 0) return;
    for (const change of changes) if (ids.has(change.id)) next(() => follow(api, change));
    // Of a folder that is deleted, or whose share ended, nothing below is told.
    if (changes.some(({ deleted, type }) => deleted && type === "folder")) next(() => lookAtAll(api));
  });
}

async function follow(api: Asked, change: EntryState): Promise<void> {
  await (change.deleted ? dropFile(change.id) : renewFile(api, entryOfState(change)));
}

async function lookAtAll(api: Asked): Promise<void> {
  for (const kept of await keptFiles()) await lookAgain(api, kept);
}

/** What can't be asked now is asked the next time. */
async function lookAgain(api: Asked, kept: Entry): Promise<void> {
  try {
    const { name, latest_version, size, modified, version_hash } = await api.metadata({ fileId: kept.id });
    if (latest_version !== kept.latest_version || name !== kept.name)
      await renewFile(api, { ...kept, name, latest_version, size, modified, version_hash });
  } catch (error) {
    if (error instanceof ProblemError && error.code === "not_found") await dropFile(kept.id);
  }
}
