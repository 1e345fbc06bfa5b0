import { headingId } from "./heading-id.ts";
import { makeDocument, type Document } from "./document.ts";
import { fieldsOf, kindOf, type Field, type JsonSchema, type Schemas } from "./describe-schema.ts";

interface Body {
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: JsonSchema;
  }[];
  readonly requestBody?: Body;
  readonly responses?: Readonly<Record<string, Body>>;
}

/** An OpenAPI document, as far as it is described. */
export interface ApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Schemas };
}

interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const introduction = `# API

Everything that Satchel's own programs do goes through this API. It is JSON over HTTPS, with the access token of a login, or an app password's, in \`Authorization: Bearer TOKEN\`. What is refused is a problem document
with one of the [problem codes](../errors.md). The same as a document for programs: [OpenAPI 3.1](/openapi.json).
`;

/** The API as pages of the documentation: one that lists all operations, and one for each group. */
export function describeApi(api: ApiDocument): readonly Document[] {
  const groups = Map.groupBy(operationsOf(api), groupOf);
  const schemas = api.components?.schemas ?? {};
  const pages = [...groups].map(([group, operations]) =>
    makeDocument(
      `api/${group}.md`,
      [`# API: ${group}`, ...operations.map((one) => describeOperation(one, schemas))].join("\n\n"),
    ),
  );
  const lists = [...groups].map(([group, operations]) => `## ${group}\n\n${listOf(group, operations)}`);
  return [makeDocument("api/index.md", [introduction, ...lists].join("\n")), ...pages].map(withoutIndex);
}

function withoutIndex(document: Document): Document {
  return { ...document, address: document.address.replace(/\/index$/, "") };
}

function operationsOf({ paths = {} }: ApiDocument): readonly Described[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

function groupOf({ operation, path }: Described): string {
  return operation.tags?.[0] ?? (path.startsWith("/v1/") ? (path.split("/")[2] as string) : "server");
}

function listOf(group: string, operations: readonly Described[]): string {
  const rows = operations.map(({ method, path, operation }) => {
    const anchor = headingId(`${method} ${path}`);
    return `| [\`${method} ${path}\`](${group}.md#${anchor}) | ${cell(operation.summary ?? "")} |`;
  });
  return ["| | |", "| --- | --- |", ...rows, ""].join("\n");
}

function describeOperation({ method, path, operation }: Described, schemas: Schemas): string {
  const asks = (operation.parameters ?? []).map(({ name, required, schema }) => ({
    path: name,
    kind: kindOf(schema, schemas),
    isRequired: required ?? false,
  }));
  const answers = Object.entries(operation.responses ?? {});
  return [
    `## \`${method} ${path}\``,
    operation.summary === undefined ? "" : `${operation.summary}.`,
    operation.description ?? "",
    operation.security === undefined ? "Without a login." : "With a login.",
    fieldTable("Parameters", asks),
    bodyOf("Body", operation.requestBody, schemas),
    ...answers
      .filter(([status]) => status.startsWith("2"))
      .map(([status, body]) => bodyOf(`Answer ${status}`, body, schemas)),
    refusals(answers),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function bodyOf(title: string, body: Body | undefined, schemas: Schemas): string {
  const [mediaType, content] = Object.entries(body?.content ?? {})[0] ?? [];
  if (mediaType === undefined) return "";
  const fields = fieldsOf(content?.schema ?? {}, schemas);
  return fields.length === 0 ? `**${title}**: \`${mediaType}\`` : fieldTable(`${title}, \`${mediaType}\``, fields);
}

function fieldTable(title: string, fields: readonly Field[]): string {
  if (fields.length === 0) return "";
  const rows = fields.map(
    ({ path, kind, isRequired }) => `| \`${path}\` | ${cell(kind)} | ${isRequired ? "yes" : ""} |`,
  );
  return [`**${title}**`, "", "| name | what | required |", "| --- | --- | --- |", ...rows].join("\n");
}

/** Responses that refuse are described by their codes. */
function refusals(answers: readonly (readonly [string, Body])[]): string {
  const codes = answers
    .filter(([status]) => !status.startsWith("2"))
    .flatMap(([, body]) => (body.description ?? "").split(", "))
    .filter((code) => /^[a-z_]+$/.test(code));
  const links = [...new Set(codes)].map((code) => `[${code}](../errors/${code}.md)`);
  return links.length === 0 ? "" : `Refused as ${links.join(", ")}.`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
