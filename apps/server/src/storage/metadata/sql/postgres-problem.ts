import { ProblemError } from "@satchel/protocol";

/** SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const serializationFailure = "40001";
const deadlockDetected = "40P01";
const diskFull = "53100";
const characterNotInRepertoire = "22021";
const readOnlyTransaction = "25006";
/** Connection exceptions, lack of resources, and the operator's intervention (shutdown, a cancelled statement). */
const unavailableClasses = new Set(["08", "53", "57"]);

/** Codes of Node for connections that can't be made or were lost. */
const connectionCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EHOSTUNREACH"]);

/** Others were in the way, and the same transaction may succeed if it is run again. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return code === serializationFailure || code === deadlockDetected;
}

/** This server has become another one's replica, and writes nothing: a new connection may lead to the one that does. */
export function needsAnotherServer(error: unknown): boolean {
  return codeOf(error) === readOnlyTransaction;
}

/** What a caller can act on, of PostgreSQL's and the connection's errors; others are passed on as they are. */
export function toProblem(error: unknown): Error {
  if (!(error instanceof Error)) return new Error("what was thrown is no error", { cause: error });
  const code = codeOf(error);
  if (code === diskFull) return new ProblemError("storage_full", "The disk of the metadata is full");
  if (code === characterNotInRepertoire) return new ProblemError("bad_request", "A text contains NUL");
  if (isTransient(error) || isUnavailable(error, code))
    return new ProblemError("unavailable", "The database can't be reached or is busy", { retryAfterSeconds: 1 });
  return error;
}

function isUnavailable(error: Error, code: string | undefined): boolean {
  if (code === readOnlyTransaction) return true;
  if (code !== undefined) return connectionCodes.has(code) || unavailableClasses.has(code.slice(0, 2));
  // pg's own errors about connections carry no code.
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    error.message,
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
