import type { IncomingMessage } from "node:http";
import { chunkHashSchema, deviceIdSchema, maxChunkSizeBytes, ProblemError, workspaceIdSchema } from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { ChunkTransfer } from "../../../features/chunks/chunk-transfer.ts";
import type { ChunkUrlClaims } from "../../../features/chunks/chunk-url.ts";
import { answers, rawAnswers } from "../../answers/answer-schemas.ts";
import { readBody, readPast } from "../../requests/body-parsers.ts";
import type { RouteContext } from "../../create-app.ts";
import type { App } from "../../route-context.ts";
import type { SignedAddress } from "../../requests/signed-address.ts";

const tags = ["chunks"];
const paramsSchema = z.object({ hash: chunkHashSchema });
const querySchema = z.object({
  workspace: workspaceIdSchema,
  device: deviceIdSchema,
  size: z.coerce.number().int().min(1).max(maxChunkSizeBytes),
  expires: z.coerce.number().int(),
  signature: z.string().max(64),
});
const routeSchema = { tags, params: paramsSchema, querystring: querySchema };

/** Addresses that the server signed. In a scope of their own: bytes come with any content type, and are read only once the signature is known to be good. */
export function signedChunkRoutes(app: App, { core: { transfer } }: RouteContext): void {
  takeSignedBodies(app);
  app.put(
    "/v1/chunks/:hash",
    {
      config: { access: "signed-url", right: "files.write" },
      bodyLimit: maxChunkSizeBytes,
      schema: {
        ...routeSchema,
        summary: "Stores a chunk",
        response: answers(
          z.object({ success: z.literal(true) }),
          "url_expired",
          "hash_mismatch",
          "body_too_large",
          "quota_exceeded",
          "storage_full",
        ),
      },
    },
    async (request) => {
      const { workspaceId, hash } = claimsOf(request);
      if (!(request.body instanceof Uint8Array)) throw new ProblemError("hash_mismatch", "the request has no body");
      await transfer.store(workspaceId, [{ hash, bytes: request.body }]);
      return { success: true as const };
    },
  );
  app.get(
    "/v1/chunks/:hash",
    {
      config: { access: "signed-url", right: "files.read" },
      schema: {
        ...routeSchema,
        summary: "Fetches a chunk",
        response: rawAnswers(
          "application/octet-stream",
          z.string().meta({ format: "binary" }),
          "url_expired",
          "content_quarantined",
        ),
      },
    },
    async (request, reply) => {
      const { workspaceId, hash } = claimsOf(request);
      const [bytes] = await transfer.read(workspaceId, [hash]);
      return reply.header("content-type", "application/octet-stream").send(bytes);
    },
  );
}

/** Reads bodies of any content type, and no byte more than the address says. */
function takeSignedBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", async (request: FastifyRequest, payload: IncomingMessage) => {
    const { sizeBytes } = claimsOf(request);
    const announced = payload.headers["content-length"];
    if (announced !== undefined && Number(announced) !== sizeBytes) {
      await readPast(payload);
      throw wrongSize(sizeBytes);
    }
    const bytes = await readBody(payload, sizeBytes).catch((error: unknown) => {
      throw error instanceof ProblemError && error.code === "body_too_large" ? wrongSize(sizeBytes) : error;
    });
    if (bytes.length !== sizeBytes) throw wrongSize(sizeBytes);
    return bytes;
  });
}

/** The signature covers what it is asked about, so it may be looked at before the schemas are. @throws url_expired */
export function readSignedChunk(transfer: ChunkTransfer, request: FastifyRequest): SignedAddress {
  const params = paramsSchema.safeParse(request.params);
  const query = querySchema.safeParse(request.query);
  if (!params.success || !query.success) throw new ProblemError("url_expired");
  const claims = transfer.readUrl({
    method: request.method === "PUT" ? "PUT" : "GET",
    hash: params.data.hash,
    query: query.data,
  });
  return { kind: "chunk", deviceId: claims.deviceId, workspaceId: claims.workspaceId, claims };
}

/** What the address was found to give the right to, before the body was read. */
function claimsOf({ signed }: FastifyRequest): ChunkUrlClaims {
  if (signed?.kind !== "chunk") throw new Error("the route was reached without a signature");
  return signed.claims;
}

function wrongSize(sizeBytes: number): ProblemError {
  return new ProblemError("hash_mismatch", `the address takes exactly ${sizeBytes} bytes`);
}
