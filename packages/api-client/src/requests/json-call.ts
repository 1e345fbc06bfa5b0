import { UnexpectedAnswerError } from "./caller.ts";
import type { Call, CallOptions, Caller } from "./caller.ts";

/** A zod schema, as far as it is needed here. */
export interface Schema<T> {
  parse(value: unknown): T;
}

/** What a schema of the protocol makes of a message. */
export type Parsed<S extends Schema<unknown>> = ReturnType<S["parse"]>;

/** Calls and parses the answer. @throws UnexpectedAnswerError when it doesn't have the form of the protocol. */
export async function callForJson<T>(caller: Caller, call: Call, schema: Schema<T>, options?: CallOptions): Promise<T> {
  return parseAnswer(schema, parseJson(await caller(call, options)), call.path);
}

export function jsonBody(message: unknown): Pick<Call, "contentType" | "body"> {
  return { contentType: "application/json", body: [new TextEncoder().encode(JSON.stringify(message))] };
}

/** A path with those parameters that are defined. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
}

export function parseAnswer<T>(schema: Schema<T>, answer: unknown, path: string): T {
  try {
    return schema.parse(answer);
  } catch (cause) {
    throw new UnexpectedAnswerError(`the answer to ${path.replace(/\?.*/, "")} does not have the form that it should`, {
      cause,
    });
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new UnexpectedAnswerError("the answer is not JSON", { cause });
  }
}
