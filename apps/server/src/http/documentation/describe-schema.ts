/** As much of JSON Schema as our own schemas use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

export type Schemas = Readonly<Record<string, JsonSchema>>;

/** A field of a body, by the way to it: `items[].name`. */
export interface Field {
  readonly path: string;
  readonly kind: string;
  readonly isRequired: boolean;
}

/** Fields deeper than that are told by their kind only: what is nested further is the same thing again. */
const maxDepth = 4;

/** All fields of a body, those of fields after them. Alternatives give the fields of each. */
export function fieldsOf(schema: JsonSchema, schemas: Schemas, prefix = "", depth = 0): readonly Field[] {
  if (depth > maxDepth) return [];
  const target = resolved(schema, schemas);
  const parts = [...(target.anyOf ?? []), ...(target.oneOf ?? []), ...(target.allOf ?? [])];
  const ofParts = parts.flatMap((part) => fieldsOf(part, schemas, prefix, depth));
  if (target.items) return [...ofParts, ...fieldsOf(target.items, schemas, `${prefix}[]`, depth)];
  const ofProperties = Object.entries(target.properties ?? {}).flatMap(([name, property]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const isRequired = target.required?.includes(name) ?? false;
    return [{ path, kind: kindOf(property, schemas), isRequired }, ...fieldsOf(property, schemas, path, depth + 1)];
  });
  return onceEach([...ofParts, ...ofProperties]);
}

/** What a value is, in a few words: `string, at most 512 characters`. */
export function kindOf(schema: JsonSchema, schemas: Schemas): string {
  const target = resolved(schema, schemas);
  const alternatives = target.anyOf ?? target.oneOf;
  if (alternatives) return [...new Set(alternatives.map((one) => kindOf(one, schemas)))].join(" or ");
  if (target.const !== undefined) return JSON.stringify(target.const);
  if (target.enum) return target.enum.map((value) => JSON.stringify(value)).join(", ");
  if (target.items) return `list of ${kindOf(target.items, schemas)}${atMost(target.maxItems, "")}`;
  const type = [target.type ?? (target.properties ? "object" : "anything")].flat().join(" or ");
  if (target.format !== undefined) return `${type} (${target.format})`;
  return `${type}${bounds(target)}`;
}

function bounds({ minimum, maximum, maxLength }: JsonSchema): string {
  // What JavaScript counts to is no bound that anybody chose.
  const isChosen = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  if (isChosen) return minimum === undefined ? `, at most ${maximum}` : `, ${minimum} to ${maximum}`;
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) return `, at least ${minimum}`;
  return atMost(maxLength, " characters");
}

function atMost(bound: number | undefined, unit: string): string {
  return bound === undefined ? "" : `, at most ${bound}${unit}`;
}

function resolved(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (schemas[name] ?? {});
}

function onceEach(fields: readonly Field[]): readonly Field[] {
  return [...new Map(fields.map((field) => [field.path, field])).values()];
}
