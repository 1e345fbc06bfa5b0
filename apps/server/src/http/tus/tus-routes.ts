import type { IncomingMessage } from "node:http";
import { maxFileSizeBytes, ProblemError } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  createResumableUploads,
  type ResumableUploads,
  type UploadState,
} from "../../features/resumable/resumable-uploads.ts";
import { loginRefusals, problemAnswers } from "../answers/answer-schemas.ts";
import { pathBelow } from "../browser/below-path.ts";
import type { RouteContext } from "../create-app.ts";
import { callerOf, type App } from "../route-context.ts";
import { checksumAlgorithms, nextBytesOf } from "./next-bytes.ts";
import { readAnnouncement } from "./upload-metadata.ts";

const root = "/v1/uploads";
const protocolVersion = "1.0.0";
const extensions = "creation,creation-with-upload,termination,expiration,checksum";

type Handler = (uploads: ResumableUploads, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Uploads that go on where they were interrupted, by tus 1.0 (https://tus.io/protocols/resumable-upload): docs/spec/uploads.md. */
export function tusRoutes(app: App, { core, publicUrl }: RouteContext): void {
  const uploads = createResumableUploads(core.dav);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request: FastifyRequest, payload, done) => done(null, payload));
  app.addHook("onRequest", async (_request, reply) => void reply.header("tus-resumable", protocolVersion));
  app.addHook("preHandler", async (request, reply) => requireVersion(request, reply));
  const add = (method: string, url: string, summary: string, status: number, handler: Handler) =>
    app.route({
      method,
      url,
      config: { access: "account", right: "files.write", takesLong: method === "PATCH" || method === "POST" },
      schema: { tags: ["uploads"], summary, response: answersOf(status) },
      handler: (request, reply) => handler(uploads, request, reply),
    });
  const one = `${root}/:upload_id`;
  const begin: Handler = (from, request, reply) => announce(from, request, reply, pathBelow(publicUrl) + root);
  add("POST", root, "Begins an upload that can be resumed (tus)", 201, begin);
  add("HEAD", one, "How far an upload is (tus)", 200, find);
  add("PATCH", one, "Sends what comes next of an upload (tus)", 204, receive);
  add("DELETE", one, "Gives an upload up (tus)", 204, abandon);
  add("POST", one, "PATCH or DELETE, for those that can't send them (tus: X-HTTP-Method-Override)", 204, override);
  for (const url of [root, one])
    app.route({
      method: "OPTIONS",
      url,
      config: { access: "public" },
      schema: { hide: true },
      handler: async (_request, reply) => reply.code(204).headers(whatIsSpoken).send(),
    });
}

const whatIsSpoken = {
  "tus-version": protocolVersion,
  "tus-extension": extensions,
  "tus-max-size": String(maxFileSizeBytes),
  "tus-checksum-algorithm": checksumAlgorithms.join(","),
};

function answersOf(status: number) {
  const refusals = ["not_found", "version_conflict", "name_taken", "quota_exceeded", "body_too_large"] as const;
  const ofTus = ["unsupported_upload_protocol", "checksum_mismatch"] as const;
  const rest = ["unsupported_media_type", "limit_exceeded", "forbidden", ...loginRefusals] as const;
  return { ...problemAnswers([...refusals, ...ofTus, ...rest]), [status]: z.null().meta({ description: "Done" }) };
}

/** @throws unsupported_upload_protocol */
async function requireVersion({ method, headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (method === "OPTIONS" || headers["tus-resumable"] === protocolVersion) return;
  reply.header("tus-version", protocolVersion);
  throw new ProblemError("unsupported_upload_protocol", `Tus-Resumable is ${protocolVersion} here`);
}

async function announce(uploads: ResumableUploads, request: FastifyRequest, reply: FastifyReply, address: string) {
  const caller = callerOf(request);
  const { headers } = request;
  if (headers["upload-defer-length"] !== undefined || headers["upload-concat"] !== undefined)
    throw new ProblemError("bad_request", "the length has to be known, and files come in one");
  const file = readAnnouncement({
    length: textOf(headers["upload-length"]),
    metadata: textOf(headers["upload-metadata"]),
  });
  const hasBytes = hasBody(request);
  const next = hasBytes ? nextBytesOf(headers, request.body as IncomingMessage, 0) : undefined;
  const id = await uploads.announce(caller, file);
  reply.header("location", `${address}/${id}`);
  const state = next ? await uploads.receive(caller, id, next) : await uploads.find(caller, id);
  if (hasBytes) reply.header("upload-offset", String(state.storedBytes));
  return sendDone(reply.code(201), state);
}

const find: Handler = async (uploads, request, reply) => {
  const state = await uploads.find(callerOf(request), idOf(request));
  const { file, storedBytes } = state;
  reply.headers({ "upload-offset": String(storedBytes), "upload-length": String(file.sizeBytes) });
  if (file.metadata !== "") reply.header("upload-metadata", file.metadata);
  return sendDone(reply.code(200), state);
};

const receive: Handler = async (uploads, request, reply) => {
  const { headers, body } = request;
  const offset = textOf(headers["upload-offset"]) ?? "";
  if (!/^\d{1,16}$/.test(offset)) throw new ProblemError("bad_request", "Upload-Offset says where the bytes belong");
  const next = nextBytesOf(headers, body as IncomingMessage | undefined, Number(offset));
  const state = await uploads.receive(callerOf(request), idOf(request), next);
  return sendDone(reply.code(204).header("upload-offset", String(state.storedBytes)), state);
};

const abandon: Handler = async (uploads, request, reply) => {
  await uploads.abandon(callerOf(request), idOf(request));
  return reply.code(204).send(null);
};

const override: Handler = async (uploads, request, reply) => {
  const method = textOf(request.headers["x-http-method-override"])?.toUpperCase();
  if (method === "PATCH") return receive(uploads, request, reply);
  if (method === "DELETE") return abandon(uploads, request, reply);
  throw new ProblemError("method_not_allowed");
};

function sendDone(reply: FastifyReply, { endsAtMs }: UploadState): FastifyReply {
  return reply.header("upload-expires", new Date(endsAtMs).toUTCString()).send(null);
}

function idOf(request: FastifyRequest): string {
  return (request.params as { readonly upload_id: string }).upload_id;
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return header === undefined ? undefined : String(header);
}
