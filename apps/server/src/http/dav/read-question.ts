import type { IncomingMessage } from "node:http";
import { ProblemError } from "@satchel/protocol";
import type { FastifyRequest } from "fastify";
import type { PropertyName } from "../../features/dav/dav-properties.ts";
import { readBody } from "../requests/body-parsers.ts";
import type { Question } from "./describe-resource.ts";
import { maxXmlBytes, readXml } from "./xml/read-xml.ts";
import { elementsOf, findDav, isDav, type XmlElement } from "./xml/xml-element.ts";

/** The most properties that one request asks for by name: each of them is in the answer for each entry. */
const maxAskedProperties = 250;

/** The XML that a request has; undefined where it has no body. @throws bad_request, body_too_large */
export async function readXmlBody({ body }: FastifyRequest): Promise<XmlElement | undefined> {
  if (body === undefined || body === null) return undefined;
  const bytes = await readBody(body as IncomingMessage, maxXmlBytes);
  return bytes.length === 0 ? undefined : readXml(bytes);
}

/** What a PROPFIND asks for; without a body, everything. @throws bad_request */
export async function readQuestion(request: FastifyRequest): Promise<Question> {
  const root = await readXmlBody(request);
  if (!root) return { kind: "all", beside: [] };
  if (!isDav(root, "propfind")) throw new ProblemError("bad_request", "the body is no DAV:propfind");
  const prop = findDav(root, "prop");
  if (prop) return { kind: "some", wanted: askedIn(prop) };
  if (findDav(root, "propname")) return { kind: "names" };
  if (!findDav(root, "allprop")) throw new ProblemError("bad_request", "the DAV:propfind asks for nothing");
  const include = findDav(root, "include");
  return { kind: "all", beside: include ? askedIn(include) : [] };
}

/** @throws bad_request */
function askedIn(list: XmlElement): readonly PropertyName[] {
  const asked = elementsOf(list);
  if (asked.length > maxAskedProperties)
    throw new ProblemError("bad_request", `at most ${maxAskedProperties} properties are asked for at once`);
  return asked;
}
