import {
  formatTimestamp,
  ProblemError,
  timestampSchema,
  workspaceOfEntry,
  type CommitOperation,
} from "@satchel/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../features/authorisation/authorisation.ts";
import { commitAll } from "../../features/dav/dav-commit.ts";
import { DavError } from "../../features/dav/dav-error.ts";
import { patchProperties, type PropertyChange } from "../../features/dav/dav-properties.ts";
import type { DavPlace } from "../../features/dav/dav-place.ts";
import type { DavContext } from "./dav-context.ts";
import { hrefOf } from "./dav-address.ts";
import { davXmlType } from "./dav-problem.ts";
import { emptyElement, response, type PropertyStatus } from "./describe-resource.ts";
import { protectedProperties } from "./live-properties.ts";
import { readXmlBody } from "./read-question.ts";
import { writeXml, xmlHead } from "./xml/write-xml.ts";
import { davNamespace, elementsOf, findDav, isDav, textOf, xmlNamespace, type XmlElement } from "./xml/xml-element.ts";

/** Windows says by a property of its own when a file was modified, after it wrote it. */
const windowsNamespace = "urn:schemas-microsoft-com:";

interface Update {
  readonly element: XmlElement;
  readonly isSet: boolean;
}

/** Sets and removes properties, all or none. @throws 404, bad_request, limit_exceeded */
export async function answerProppatch(
  parts: DavContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { caller, place }: { readonly caller: Caller; readonly place: DavPlace },
) {
  const updates = readUpdates(await readXmlBody(request));
  const { found } = place;
  if (!found) throw new DavError(404, "there is nothing of this name");
  const { entry } = found;
  const refused = updates.filter((update) => isRefused(update, entry.type === "file"));
  if (refused.length === 0) {
    // First what may be refused for being too much.
    const kept = updates.filter(({ element }) => element.namespace !== davNamespace || !isTime(element));
    if (kept.length > 0) await patchProperties(parts, entry.id, kept.map(toChange));
    const modified = updates.flatMap((update) => modifiedOf(update) ?? []).at(-1);
    if (modified !== undefined && entry.type === "file") {
      const operation: CommitOperation = { op: "touch", id: entry.id, modified, executable: entry.executable };
      await commitAll(parts, caller, { workspaceId: workspaceOfEntry(entry.id), operations: [operation] });
    }
  }
  const body = response(hrefOf(parts.base, place.names, entry.type === "folder"), statusesOf(updates, refused));
  return reply
    .code(207)
    .header("content-type", davXmlType)
    .send(Buffer.from(`${xmlHead}<d:multistatus xmlns:d="DAV:">\n${body}</d:multistatus>\n`));
}

/** In the order of the document. */
function readUpdates(root: XmlElement | undefined): Update[] {
  if (!root || !isDav(root, "propertyupdate"))
    throw new ProblemError("bad_request", "the body is no DAV:propertyupdate");
  return elementsOf(root).flatMap((step) => {
    const isSet = isDav(step, "set");
    const prop = isSet || isDav(step, "remove") ? findDav(step, "prop") : undefined;
    if (!prop) return [];
    return elementsOf(prop).map((element) => ({ element: inLanguageOf(element, [prop, step, root]), isSet }));
  });
}

/** The language that is said around it is the property's own (RFC 4918, section 4.3). */
function inLanguageOf(element: XmlElement, around: readonly XmlElement[]): XmlElement {
  const [language] = [element, ...around].flatMap(({ attributes }) =>
    attributes.filter(({ namespace, name }) => namespace === xmlNamespace && name === "lang"),
  );
  if (!language || element.attributes.includes(language)) return element;
  return { ...element, attributes: [...element.attributes, language] };
}

function isRefused({ element, isSet }: Update, isFile: boolean): boolean {
  if (element.namespace !== davNamespace) return false;
  if (isTime(element) && isSet && isFile) return parseHttpDate(element) === undefined;
  return protectedProperties.has(element.name);
}

function isTime({ name }: XmlElement): boolean {
  return name === "getlastmodified";
}

function modifiedOf({ element, isSet }: Update): string | undefined {
  const isWindows = element.namespace === windowsNamespace && element.name === "Win32LastModifiedTime";
  const isOwn = element.namespace === davNamespace && isTime(element);
  return isSet && (isWindows || isOwn) ? parseHttpDate(element) : undefined;
}

/** Years of other than four digits are none that devices could read. */
function parseHttpDate(element: XmlElement): string | undefined {
  const epochMs = Date.parse(textOf(element));
  if (!Number.isFinite(epochMs)) return undefined;
  const timestamp = formatTimestamp(epochMs);
  return timestampSchema.safeParse(timestamp).success ? timestamp : undefined;
}

function toChange({ element, isSet }: Update): PropertyChange {
  const { namespace, name } = element;
  return { namespace, name, value: isSet ? writeXml(element) : undefined };
}

function statusesOf(updates: readonly Update[], refused: readonly Update[]): PropertyStatus[] {
  const namesOf = (list: readonly Update[]) => list.map(({ element }) => emptyElement(element));
  if (refused.length === 0) return [{ status: 200, elements: namesOf(updates) }];
  return [
    { status: 403, elements: namesOf(refused), condition: "cannot-modify-protected-property" },
    { status: 424, elements: namesOf(updates.filter((update) => !refused.includes(update))) },
  ];
}
