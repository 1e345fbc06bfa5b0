import { rm } from "node:fs/promises";
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
 * The search index on SQLite, in a thread of its own. A file that can't be opened or is no database is made anew, since nothing in it has to be kept.
 */
export async function openSqliteSearchIndex(settings: SearchThreadSettings): Promise<SearchIndex> {
  try {
    return await open(settings);
  } catch {
    for (const ending of fileEndings) await rm(settings.path + ending, { force: true });
    return await open(settings);
  }
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
