import { rm } from "node:fs/promises";
import { ProblemError } from "@satchel/protocol";
import { WorkerCaller } from "../../metadata/sqlite/worker-caller.ts";
import type { WorkerSettings } from "../../metadata/sqlite/worker-messages.ts";
import type { SearchIndex } from "../search-index.ts";
import { searchMethods } from "./search-methods.ts";

/** What SQLite keeps of a database. */
const fileEndings = ["", "-wal", "-shm"];

/** What the index's thread is started with. */
export interface SearchThreadSettings extends WorkerSettings {
  /** Seals texts. */
  readonly key: Uint8Array;
}

/**
 * The search index on SQLite, in a thread of its own. A file that is no database, or no sound one, is made anew, since nothing in it has to be kept; on a full or busy disk it is left alone, since it would be full again, and a million files read for it.
 */
export async function openSqliteSearchIndex(settings: SearchThreadSettings): Promise<SearchIndex> {
  try {
    return await open(settings);
  } catch (error) {
    if (!mayBeMadeAnew(error)) throw error;
    for (const ending of fileEndings) await rm(settings.path + ending, { force: true });
    return await open(settings);
  }
}

/** Is it the file's fault that it can't be opened? */
export function mayBeMadeAnew(error: unknown): boolean {
  return !(error instanceof ProblemError);
}

async function open(settings: SearchThreadSettings): Promise<SearchIndex> {
  const caller = new WorkerCaller(new URL("./search-worker.ts", import.meta.url), settings, "search.close");
  await caller.opened;
  const calls = searchMethods.map((method) => [
    method,
    (...parameters: unknown[]) => caller.call({ section: "search", method, parameters }),
  ]);
  return { ...(Object.fromEntries(calls) as unknown as SearchIndex), close: () => caller.close() };
}
