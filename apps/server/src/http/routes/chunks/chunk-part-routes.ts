import {
  downloadPartRequestSchema,
  maxChunkSizeBytes,
  ProblemError,
  uploadPartHeadSchema,
  uploadPartResponseSchema,
} from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals, rawAnswers } from "../../answers/answer-schemas.ts";
import { defaultJsonBytes } from "../../requests/body-parsers.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["chunks"];
const noBytes = new Uint8Array();

/** Chunks in parts: for ways to this server that carry no request, or no answer, as large as a chunk. */
export function chunkPartRoutes(app: App, { core: { authorisation, chunkParts, transfer } }: RouteContext): void {
  app.post(
    "/v1/chunks/upload_part",
    {
      config: { access: "account", right: "files.write" },
      bodyLimit: defaultJsonBytes + maxChunkSizeBytes,
      schema: {
        tags,
        summary: "Stores a part of a chunk, sent as a frame",
        body: uploadPartHeadSchema,
        response: answers(
          uploadPartResponseSchema,
          "not_found",
          "hash_mismatch",
          "body_too_large",
          "storage_full",
          ...loginRefusals,
        ),
      },
    },
    async (request) => {
      const { workspace_id, hash, size, offset } = request.body;
      const workspaceId = await authorisation.requireWorkspace(callerOf(request), workspace_id);
      const bytes = request.frameBody ?? noBytes;
      if (bytes.length === 0 || offset + bytes.length > size)
        throw new ProblemError("bad_request", `${bytes.length} bytes at ${offset} are no part of ${size} bytes`);
      const part = { offsetBytes: offset, bytes };
      const { receivedBytes, stored } = await chunkParts.add(workspaceId, { hash, sizeBytes: size }, part);
      return { received: receivedBytes, stored };
    },
  );
  app.post(
    "/v1/chunks/download_part",
    {
      config: { access: "account", right: "files.read" },
      schema: {
        tags,
        summary: "A part of a chunk",
        body: downloadPartRequestSchema,
        response: rawAnswers(
          "application/octet-stream",
          z.string().meta({ format: "binary" }),
          "not_found",
          "content_quarantined",
          ...loginRefusals,
        ),
      },
    },
    async (request, reply) => {
      const { workspace_id, hash, size, offset, length } = request.body;
      const workspaceId = await authorisation.requireWorkspace(callerOf(request), workspace_id);
      if (offset + length > size) throw new ProblemError("bad_request", `the part ends behind the ${size} bytes`);
      const [bytes = noBytes] = await transfer.fetch(workspaceId, [{ hash, sizeBytes: size }]);
      return reply.header("content-type", "application/octet-stream").send(bytes.subarray(offset, offset + length));
    },
  );
}
