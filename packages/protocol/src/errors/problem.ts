import { z } from "zod";

/**
 * What a caller may do about a problem: `retry` it later, `ask` the person (sign in again, free some space), look at the new state
 * and `replan`, or `stop`, since the same request can never succeed.
 */
export type ProblemClass = "retry" | "ask" | "replan" | "stop";

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly class: ProblemClass;
}

/** Every error that the API gives, by its stable code. `docs/errors.md` has a page entry for each; a test holds them equal. */
export const problemKinds = {
  bad_request: { status: 400, title: "The request is not valid", class: "stop" },
  bad_cursor: { status: 400, title: "The cursor is not valid", class: "stop" },
  hash_mismatch: { status: 400, title: "The bytes do not match their hash or size", class: "stop" },
  unauthenticated: { status: 401, title: "Sign in first", class: "ask" },
  wrong_credentials: { status: 401, title: "The user name or password is wrong", class: "ask" },
  second_factor_required: { status: 401, title: "A second factor is needed", class: "ask" },
  token_expired: { status: 401, title: "The access token has expired", class: "ask" },
  login_revoked: { status: 401, title: "This device's login was revoked", class: "ask" },
  content_quarantined: { status: 403, title: "Malware was found in this content", class: "ask" },
  forbidden: { status: 403, title: "This is not allowed", class: "stop" },
  url_expired: { status: 403, title: "The signed URL has expired or is not valid", class: "replan" },
  not_found: { status: 404, title: "There is no such thing", class: "replan" },
  method_not_allowed: { status: 405, title: "This method is not available here", class: "stop" },
  version_conflict: { status: 409, title: "The file has moved on", class: "replan" },
  name_taken: { status: 409, title: "The name is taken", class: "replan" },
  place_conflict: { status: 409, title: "The entry was moved meanwhile", class: "replan" },
  cycle: { status: 409, title: "A folder cannot be moved into itself", class: "replan" },
  id_taken: { status: 409, title: "The id is in use", class: "replan" },
  changed_since: { status: 409, title: "Something inside changed meanwhile", class: "replan" },
  share_nested: { status: 409, title: "Shared folders cannot lie in one another", class: "stop" },
  key_reused: { status: 409, title: "The idempotency key was used for another request", class: "stop" },
  account_exists: { status: 409, title: "The account exists", class: "stop" },
  cursor_expired: { status: 410, title: "The cursor is too old; list again", class: "replan" },
  cursor_ahead: { status: 410, title: "The cursor is ahead of the server", class: "ask" },
  unsupported_upload_protocol: {
    status: 412,
    title: "This version of the upload protocol is not spoken here",
    class: "stop",
  },
  body_too_large: { status: 413, title: "The request is too large", class: "stop" },
  quota_exceeded: { status: 413, title: "The storage is full", class: "ask" },
  unsupported_media_type: { status: 415, title: "The content type is not supported", class: "stop" },
  range_not_satisfiable: { status: 416, title: "The range lies outside the content", class: "stop" },
  chunk_missing: { status: 422, title: "A chunk is not on the server", class: "replan" },
  manifest_mismatch: { status: 422, title: "The version hash does not match the chunks", class: "stop" },
  limit_exceeded: { status: 422, title: "A limit of the server is reached", class: "ask" },
  too_many_requests: { status: 429, title: "Too many requests", class: "retry" },
  checksum_mismatch: { status: 460, title: "The bytes do not match their checksum", class: "stop" },
  content_damaged: { status: 500, title: "A part of this content is damaged on the server", class: "ask" },
  internal: { status: 500, title: "The server made a mistake", class: "retry" },
  storage_full: { status: 503, title: "The server's disk is full", class: "retry" },
  unavailable: { status: 503, title: "The service is not available at the moment", class: "retry" },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;

export const problemCodeSchema = z.enum(Object.keys(problemKinds) as [ProblemCode, ...ProblemCode[]]);

/** An answer of type `application/problem+json` (RFC 9457). 409 answers carry the state that won. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: problemCodeSchema,
    current: z.unknown().optional(),
    missing_chunk_hashes: z.array(z.string()).optional(),
    /** Of `quota_exceeded`: how much has to be freed. */
    missing_bytes: z.number().int().optional(),
    request_id: z.string().optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problemSchema>;

/** A refusal with a stable code: thrown by the server's features, and by the client when the server answers with a problem. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly code: ProblemCode;
  readonly extra: Pick<Problem, "current" | "missing_chunk_hashes" | "missing_bytes">;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, detail?: string, options: ProblemOptions = {}) {
    super(detail ?? problemKinds[code].title);
    this.code = code;
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return problemKinds[this.code].status;
  }

  get class(): ProblemClass {
    return problemKinds[this.code].class;
  }
}

interface ProblemOptions {
  readonly extra?: Pick<Problem, "current" | "missing_chunk_hashes" | "missing_bytes">;
  readonly retryAfterSeconds?: number;
}
