import type { IncomingMessage } from "node:http";
import { chunkHashSchema, maxChunkSizeBytes, ProblemError, workspaceIdSchema } from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { ChunkTransfer } from "../../features/chunks/chunk-transfer.ts";
import type { ChunkUrlClaims } from "../../features/chunks/chunk-url.ts";
import { answers, rawAnswers } from "../answer-schemas.ts";
import { readBody, readPast } from "../body-parsers.ts";
import type { RouteContext } from "../create-app.ts";
import type { App } from "../route-context.ts";

const tags = ["chunks"];
const paramsSchema = z.object({ hash: chunkHashSchema });
const querySchema = z.object({
  workspace: workspaceIdSchema,
  size: z.coerce.number().int().min(1).max(maxChunkSizeBytes),
  expires: z.coerce.number().int(),
  signature: z.string().max(64),
});
const routeSchema = { tags, params: paramsSchema, querystring: querySchema };

/** Addresses that the server signed. In a scope of their own: bytes come with any content type, and are read only once the signature is known to be good. */
export function signedChunkRoutes(app: App, { core: { transfer } }: RouteContext): void {
  takeSignedBodies(app, transfer);
  app.put(
    "/v1/chunks/:hash",
    {
      config: { access: "signed-url" },
      bodyLimit: maxChunkSizeBytes,
      schema: {
        ...routeSchema,
        summary: "Stores a chunk",
        response: answers(
          z.object({ success: z.literal(true) }),
          "url_expired",
          "hash_mismatch",
          "body_too_large",
          "storage_full",
        ),
      },
    },
    async (request) => {
      const { workspaceId, hash } = readClaims(transfer, request);
      if (!(request.body instanceof Uint8Array)) throw new ProblemError("hash_mismatch", "the request has no body");
      await transfer.store(workspaceId, [{ hash, bytes: request.body }]);
      return { success: true as const };
    },
  );
  app.get(
    "/v1/chunks/:hash",
    {
      config: { access: "signed-url" },
      schema: {
        ...routeSchema,
        summary: "Fetches a chunk",
        response: rawAnswers("application/octet-stream", z.string().meta({ format: "binary" }), "url_expired"),
      },
    },
    async (request, reply) => {
      const [bytes] = await transfer.read([readClaims(transfer, request).hash]);
      return reply.header("content-type", "application/octet-stream").send(bytes);
    },
  );
}

/** Reads bodies of any content type, once the address is known to be good, and no byte more than it says. */
function takeSignedBodies(app: App, transfer: ChunkTransfer): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", async (request: FastifyRequest, payload: IncomingMessage) => {
    const sizeBytes = await claimedSize(request, payload);
    const bytes = await readBody(payload, sizeBytes).catch((error: unknown) => {
      throw error instanceof ProblemError && error.code === "body_too_large" ? wrongSize(sizeBytes) : error;
    });
    if (bytes.length !== sizeBytes) throw wrongSize(sizeBytes);
    return bytes;
  });

  /** @throws url_expired, and hash_mismatch where another size is announced */
  async function claimedSize(request: FastifyRequest, payload: IncomingMessage): Promise<number> {
    try {
      const { sizeBytes } = readClaims(transfer, request);
      const announced = payload.headers["content-length"];
      if (announced !== undefined && Number(announced) !== sizeBytes) throw wrongSize(sizeBytes);
      return sizeBytes;
    } catch (error) {
      await readPast(payload);
      throw error;
    }
  }
}

/** The signature covers what it is asked about, so it may be looked at before the schemas are. */
function readClaims(transfer: ChunkTransfer, request: FastifyRequest): ChunkUrlClaims {
  const params = paramsSchema.safeParse(request.params);
  const query = querySchema.safeParse(request.query);
  if (!params.success || !query.success) throw new ProblemError("url_expired");
  return transfer.readUrl({
    method: request.method === "PUT" ? "PUT" : "GET",
    hash: params.data.hash,
    query: query.data,
  });
}

function wrongSize(sizeBytes: number): ProblemError {
  return new ProblemError("hash_mismatch", `the address takes exactly ${sizeBytes} bytes`);
}
