import type { Property, PropertyName } from "../../features/dav/dav-properties.ts";
import { statusLine } from "./dav-problem.ts";
import { liveProperties, protectedProperties, quotaProperties, type Resource } from "./live-properties.ts";
import { davNamespace } from "./xml/xml-element.ts";
import { escapeXml } from "./xml/write-xml.ts";

/** What a PROPFIND asks for: everything, and these beside it; only the names; or only these. */
export type Question =
  | { readonly kind: "all"; readonly beside: readonly PropertyName[] }
  | { readonly kind: "names" }
  | { readonly kind: "some"; readonly wanted: readonly PropertyName[] };

interface Described {
  readonly href: string;
  readonly resource: Resource;
  readonly dead: readonly Property[];
  readonly question: Question;
}

/** The `response` element of one resource. */
export function describeResource({ href, resource, dead, question }: Described): string {
  const own =
    question.kind === "some" ? undefined : Object.keys(liveProperties).flatMap((name) => live(resource, name) ?? []);
  if (question.kind === "names") {
    const names = Object.keys(liveProperties).filter((name) => live(resource, name) !== undefined);
    const all = [...names.map((name) => emptyElement({ namespace: davNamespace, name })), ...dead.map(emptyElement)];
    return response(href, [{ status: 200, elements: all }]);
  }
  const asked = question.kind === "all" ? question.beside : question.wanted;
  const found = question.kind === "all" ? [...(own ?? []), ...dead.map(({ value }) => value)] : [];
  const missing: string[] = [];
  for (const property of asked) {
    const element = findProperty({ resource, dead }, property);
    if (element === undefined) missing.push(emptyElement(property));
    else if (question.kind === "some" || property.name in quotaProperties) found.push(element);
  }
  return response(href, [
    { status: 200, elements: found },
    { status: 404, elements: missing },
  ]);
}

/** Is the room of a workspace to be looked up? */
export function wantsQuota(question: Question): boolean {
  if (question.kind === "names") return false;
  const asked = question.kind === "all" ? question.beside : question.wanted;
  return asked.some(({ namespace, name }) => namespace === davNamespace && name in quotaProperties);
}

/** Can the answer have something that a program kept with the entry? */
export function wantsKept(question: Question): boolean {
  if (question.kind !== "some") return true;
  return question.wanted.some(({ namespace, name }) => namespace !== davNamespace || !protectedProperties.has(name));
}

/** Some properties and how it went with them. */
export interface PropertyStatus {
  readonly status: number;
  readonly elements: readonly string[];
  /** A condition of RFC 4918. */
  readonly condition?: string;
}

/** At least one `propstat`, though nothing was asked for. */
export function response(href: string, statuses: readonly PropertyStatus[]): string {
  const told = statuses.filter(({ elements }, nth) => elements.length > 0 || (nth === 0 && statuses.every(isEmpty)));
  const parts = told.map(({ status, elements, condition }) => {
    const error = condition === undefined ? "" : `<d:error><d:${condition}/></d:error>`;
    return `<d:propstat><d:prop>${elements.join("")}</d:prop><d:status>${statusLine(status)}</d:status>${error}</d:propstat>`;
  });
  return `<d:response><d:href>${escapeXml(href)}</d:href>${parts.join("")}</d:response>\n`;
}

function isEmpty({ elements }: PropertyStatus): boolean {
  return elements.length === 0;
}

export function emptyElement({ namespace, name }: PropertyName): string {
  return namespace === davNamespace ? `<d:${name}/>` : `<${name} xmlns="${escapeXml(namespace)}"/>`;
}

function findProperty(
  { resource, dead }: Pick<Described, "resource" | "dead">,
  { namespace, name }: PropertyName,
): string | undefined {
  const own = namespace === davNamespace ? live(resource, name) : resource.told?.find({ namespace, name });
  return own ?? dead.find((property) => property.namespace === namespace && property.name === name)?.value;
}

function live(resource: Resource, name: string): string | undefined {
  const all = { ...liveProperties, ...quotaProperties };
  const value = Object.hasOwn(all, name) ? all[name]?.(resource) : undefined;
  return value === undefined ? undefined : `<d:${name}>${value}</d:${name}>`;
}
