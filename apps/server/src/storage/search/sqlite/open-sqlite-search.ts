import { rm } from "node:fs/promises";
import { WorkerCaller } from "../../metadata/sqlite/worker-caller.ts";
import type { SearchIndex } from "../search-index.ts";
import { searchMethods } from "./search-methods.ts";

/** What SQLite keeps of a database. */
const fileEndings = ["", "-wal", "-shm"];

/**
 * The search index on SQLite, in a thread of its own. A file that can't be opened or is no database is made anew, since nothing in it has to be kept.
 */
export async function openSqliteSearchIndex({ path }: { readonly path: string }): Promise<SearchIndex> {
  try {
    return await open(path);
  } catch {
    for (const ending of fileEndings) await rm(path + ending, { force: true });
    return await open(path);
  }
}

async function open(path: string): Promise<SearchIndex> {
  const caller = new WorkerCaller(new URL("./search-worker.ts", import.meta.url), { path }, "search.close");
  await caller.opened;
  const calls = searchMethods.map((method) => [
    method,
    (...parameters: unknown[]) => caller.call({ section: "search", method, parameters }),
  ]);
  return { ...(Object.fromEntries(calls) as unknown as SearchIndex), close: () => caller.close() };
}
