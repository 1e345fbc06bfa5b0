import { idOfNothing, problemKinds, ProblemError, type Problem, type ProblemCode } from "@satchel/protocol";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { ChunkStoreError } from "../../storage/chunks/chunk-store-errors.ts";

export const problemMediaType = "application/problem+json";

/** What a caller waits before it tries again, where nobody knows better. */
const defaultRetryAfterSeconds = 5;

/** The error as the API tells it. What isn't a refusal becomes `internal` and shows nothing of itself. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof ChunkStoreError) return fromChunkStore(error);
  if (hasZodFastifySchemaValidationErrors(error)) {
    if (error.validation.every(({ message }) => message === idOfNothing))
      return new ProblemError("not_found", idOfNothing);
    const first = error.validation.find(({ message }) => message !== idOfNothing);
    const where = first?.instancePath.slice(1).replaceAll("/", ".");
    return new ProblemError("bad_request", `${where ? `${where}: ` : ""}${first?.message ?? "not valid"}`);
  }
  const { statusCode, code } = error instanceof Error ? (error as FastifyError) : {};
  if (code === "SQLITE_FULL" || code === "53100" || code === "ENOSPC") return new ProblemError("storage_full");
  const refusal = refusalOf(statusCode);
  return refusal && error instanceof Error ? new ProblemError(refusal, error.message) : new ProblemError("internal");
}

/** Problems with a request that fastify finds by itself. */
function refusalOf(statusCode: number | undefined): ProblemCode | undefined {
  switch (statusCode) {
    case 400:
    case 414:
      return "bad_request";
    case 404:
      return "not_found";
    case 413:
      return "body_too_large";
    case 415:
      return "unsupported_media_type";
    case 503:
      return "unavailable";
    default:
      return undefined;
  }
}

function fromChunkStore(error: ChunkStoreError): ProblemError {
  switch (error.code) {
    case "chunk_mismatch":
      return new ProblemError("hash_mismatch", error.message);
    case "chunk_store_full":
      return new ProblemError("storage_full");
    case "chunk_store_busy":
    case "chunk_store_failed":
    case "chunk_corrupt":
      return new ProblemError("unavailable");
    case "chunk_store_key":
    case "chunk_store_newer":
      return new ProblemError("internal");
  }
}

export function describeProblem(error: ProblemError, requestId: string | undefined): Problem {
  return {
    type: `https://satchel.dev/errors#${error.code}`,
    title: problemKinds[error.code].title,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...error.extra,
    ...(requestId !== undefined && { request_id: requestId }),
  };
}

/** Headers that go with a problem: when to try again, how to sign in. */
export function problemHeaders(error: ProblemError): Record<string, string> {
  const retryAfter = error.retryAfterSeconds ?? defaultRetryAfterSeconds;
  return {
    "content-type": problemMediaType,
    // Also of what is refused before there is a request, whose answer gets no other headers.
    "x-content-type-options": "nosniff",
    ...((error.status === 429 || error.status === 503) && { "retry-after": String(retryAfter) }),
    ...(error.status === 401 && { "www-authenticate": "Bearer" }),
  };
}

/** Answers with the problem; logs what was the server's own mistake, with its stack. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ err: error }, "a request failed");
  // Bytes, since fastify adds a charset to text, which JSON doesn't have.
  const body = Buffer.from(JSON.stringify(describeProblem(problem, request.id)));
  return reply.code(problem.status).headers(problemHeaders(problem)).send(body);
}
