import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { WorkspaceId } from "@satchel/protocol";
import type { Home } from "../home/home.ts";

/** Where the engine keeps what it knows of a workspace. Another account that logs in to this home later must not find this one's trees. */
export function statePath(home: Home, workspaceId: WorkspaceId): string {
  return join(home.path, `state-${workspaceId}.db`);
}

/**
 * Puts aside what this device remembers of the folder, which is then merged with the server as at the first time: nothing is deleted on either side, and what differs is kept twice. Nothing to forget
 * is no error. Only while no engine runs.
 */
export async function forgetState(home: Home, workspaceId: WorkspaceId): Promise<void> {
  const path = statePath(home, workspaceId);
  try {
    await rename(path, `${path}.old`);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  // These belong to the database that was there, and would be taken for the new one's.
  for (const suffix of ["-wal", "-shm"]) await rm(path + suffix, { force: true });
}

/** SQLite's codes for a file that is damaged, or no database (https://www.sqlite.org/rescode.html). */
const damagedCodes = new Set([11, 26]);

/** Whether an engine ended since its memory is damaged. */
export function isStateDamaged(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (!(cause instanceof Error) || !("errcode" in cause) || typeof cause.errcode !== "number") return false;
  return damagedCodes.has(cause.errcode & 0xff);
}
