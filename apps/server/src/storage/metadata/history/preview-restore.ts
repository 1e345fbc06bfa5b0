import type { RandomBytes } from "../commit/change-set.ts";
import type { RestoreCommand, RestoreOutcome } from "../history-store.ts";
import type { SqlDatabase } from "../sql/sql-database.ts";
import { restore } from "./restore.ts";

/** Ends a transaction that must leave nothing behind. */
class Rehearsed extends Error {
  readonly outcome: RestoreOutcome;

  constructor(outcome: RestoreOutcome) {
    super("a rehearsal leaves nothing behind");
    this.outcome = outcome;
  }
}

/** See HistoryStore.previewRestore: does it, looks at what came of it, and takes the whole transaction back. */
export async function previewRestore(
  database: SqlDatabase,
  request: Omit<RestoreCommand, "idempotency">,
  randomBytes: RandomBytes,
): Promise<RestoreOutcome> {
  try {
    return await database.transaction(async (session) => {
      throw new Rehearsed(await restore(session, { ...request, idempotency: undefined }, randomBytes));
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.outcome;
    throw error;
  }
}
