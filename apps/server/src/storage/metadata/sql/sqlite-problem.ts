import { ProblemError } from "@satchel/protocol";

/** Result codes of SQLite (https://sqlite.org/rescode.html); the low byte is the primary one. */
const sqliteBusy = 5;
const sqliteIoError = 10;
const sqliteFull = 13;

/** What a caller can act on, of SQLite's errors; others are passed on as they are. */
export function toProblem(error: unknown): Error {
  const code = primaryResultCode(error);
  if (code === sqliteFull) return new ProblemError("storage_full", "The disk of the metadata is full");
  if (code === sqliteBusy) return new ProblemError("unavailable", "The database is busy", { retryAfterSeconds: 1 });
  if (code === sqliteIoError)
    return new ProblemError("unavailable", "The database can't be read or written", { retryAfterSeconds: 5 });
  return error instanceof Error ? error : new Error("what was thrown is no error", { cause: error });
}

function primaryResultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}
