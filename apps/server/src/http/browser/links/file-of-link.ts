import { entryIdSchema, ProblemError, type EntryId } from "@satchel/protocol";
import type { FastifyRequest } from "fastify";

/** The file that the address names. @throws not_found */
export function requireFileId(request: FastifyRequest): EntryId {
  const fileId = idOf((request.params as { file_id: string }).file_id);
  if (fileId === undefined) throw new ProblemError("not_found");
  return fileId;
}

/** Whatever isn't an id names nothing. */
export function idOf(text: string | undefined): EntryId | undefined {
  const parsed = entryIdSchema.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}
