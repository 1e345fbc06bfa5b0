import type { IncomingMessage } from "node:http";
import { ProblemError } from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { findPlace } from "../../features/dav/dav-place.ts";
import { beginUpload, finishUpload, listParts, putPart, uploadOf } from "../../features/dav/upload-in-parts.ts";
import { checkedPieces } from "../dav/checked-pieces.ts";
import { checkConditions, isConditional } from "../dav/conditions.ts";
import type { DavContext } from "../dav/dav-context.ts";
import { contentLengthOf, destinationOf, modifiedOf } from "../dav/dav-headers.ts";
import { davXmlType } from "../dav/dav-problem.ts";
import { response } from "../dav/describe-resource.ts";
import { requireFree } from "../dav/serve-tree.ts";
import { piecesOf } from "../dav/transfers.ts";
import { xmlHead } from "../dav/xml/write-xml.ts";
import { callerOf, type App } from "../route-context.ts";

const uploadsRoot = "/remote.php/dav/uploads";

/** The name of the file that the parts become, in the folder of the parts. */
const wholeName = ".file";

type Handler = (parts: DavContext, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Files in parts: a folder is made for them, they come in any order, and moving what they make together to its place makes the file. */
export function uploadRoutes(app: App, contextOf: (request: FastifyRequest) => DavContext): void {
  const upload = `${uploadsRoot}/:user/:upload`;
  const routes: readonly (readonly [method: string, url: string, handler: Handler])[] = [
    ...[upload, `${upload}/`].flatMap((url) => [
      ["MKCOL", url, begin] as const,
      ["PROPFIND", url, list] as const,
      ["DELETE", url, abandon] as const,
    ]),
    ["PUT", `${upload}/:part`, put],
    ["MOVE", `${upload}/:part`, finish],
  ];
  for (const [method, url, handler] of routes)
    app.route({
      method,
      url,
      config: { access: "account", right: "files.write", takesLong: method === "PUT" },
      schema: { hide: true },
      handler: (request, reply) => handler(contextOf(request), request, reply),
    });
}

/** @throws bad_request */
function uploadIn(request: FastifyRequest) {
  const { upload = "" } = request.params as { readonly upload?: string };
  if (!/^[\w.-]{1,100}$/.test(upload)) throw new ProblemError("bad_request", "this is no name for an upload");
  return uploadOf(callerOf(request), upload);
}

const begin: Handler = async (parts, request, reply) => {
  await beginUpload(parts, uploadIn(request));
  return reply.code(201).send();
};

/** The parts with their lengths, by which a program that was interrupted goes on. */
const list: Handler = async (parts, request, reply) => {
  const stored = await listParts(parts, uploadIn(request));
  const path = (request.raw.url ?? "").replace(/\?.*/, "").replace(/\/?$/, "/");
  // As the program asked for it, though a proxy has taken the public address's path away.
  const folder = parts.base.slice(0, parts.base.length - parts.root.length) + path;
  const collection = response(folder, [
    { status: 200, elements: ["<d:resourcetype><d:collection/></d:resourcetype>"] },
  ]);
  const files = stored.map(({ name, sizeBytes }) => {
    const elements = ["<d:resourcetype></d:resourcetype>", `<d:getcontentlength>${sizeBytes}</d:getcontentlength>`];
    return response(folder + name, [{ status: 200, elements }]);
  });
  const body = `${xmlHead}<d:multistatus xmlns:d="DAV:">\n${collection}${files.join("")}</d:multistatus>\n`;
  return reply.code(207).header("content-type", davXmlType).send(Buffer.from(body));
};

const abandon: Handler = async (parts, request, reply) => {
  await parts.metadata.dav.endUpload(uploadIn(request));
  return reply.code(204).send();
};

const put: Handler = async (parts, request, reply) => {
  const { part: name = "" } = request.params as { readonly part?: string };
  if (!/^\d{1,16}$/.test(name)) throw new ProblemError("bad_request", "a part's name is a number");
  const { headers } = request;
  await putPart(parts, uploadIn(request), {
    name,
    pieces: checkedPieces(piecesOf(request.body as IncomingMessage | undefined), headers["oc-checksum"]),
    sizeBytes: request.body ? contentLengthOf(headers) : 0,
    wholeBytes: totalOf(request),
  });
  return reply.code(201).send();
};

const finish: Handler = async (parts, request, reply) => {
  const { part } = request.params as { readonly part?: string };
  if (part !== wholeName) throw new ProblemError("bad_request", `only ${wholeName} is moved out of an upload`);
  const caller = callerOf(request);
  const place = await findPlace(parts, caller, destinationOf(parts, request.headers));
  const tokens = await checkConditions(parts, request, { caller, place });
  await requireFree(parts, { caller, place, tokens }, { isOfFolder: !place.found, isDeep: false });
  const modified = modifiedOf(request.headers);
  const { id, versionId, isNew } = await finishUpload(parts, caller, {
    upload: uploadIn(request),
    place,
    totalBytes: totalOf(request),
    modified,
    isConditional: isConditional(request) || request.headers["if"] !== undefined,
  });
  if (modified !== undefined) reply.header("x-oc-mtime", "accepted");
  const said = { etag: `"${versionId}"`, ...parts.dialect?.headersOf({ id, versionId }) };
  return reply
    .code(isNew ? 201 : 204)
    .headers(said)
    .send();
};

function totalOf({ headers }: FastifyRequest): number | undefined {
  const value = String(headers["oc-total-length"] ?? "");
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
