import { problemKinds, problemSchema, type ProblemCode } from "@satchel/protocol";
import type { z } from "zod";
import { problemMediaType } from "./problem-answers.ts";

interface AnswerSchema {
  readonly description: string;
  readonly content: Record<string, { readonly schema: z.ZodType }>;
}

/** What every route may answer besides its own refusals. */
const always: readonly ProblemCode[] = ["bad_request", "too_many_requests", "internal", "unavailable"];

/** The answers of a route: what it gives with 200, and one schema for each status of its refusals. */
export function answers<Schema extends z.ZodType>(schema: Schema, ...refusals: readonly ProblemCode[]) {
  return { ...problemAnswers(refusals), 200: schema };
}

/** The same, for bytes or text. */
export function rawAnswers(mediaType: string, schema: z.ZodType, ...refusals: readonly ProblemCode[]) {
  return { ...problemAnswers(refusals), 200: { description: "Done", content: { [mediaType]: { schema } } } };
}

/** The same for a route that takes a `Range`: a part has the whole's schema. */
export function withParts<Answers extends { readonly 200: unknown }>(whole: Answers) {
  return { ...whole, 206: whole[200] };
}

/** The refusals of a route, by their status. */
export function problemAnswers(refusals: readonly ProblemCode[]): Record<number, AnswerSchema> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...always, ...refusals]) {
    const { status } = problemKinds[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { [problemMediaType]: { schema: problemSchema } };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [status, { description: codes.join(", "), content }]),
  );
}

/** Refusals of every route that needs a login. */
export const loginRefusals = [
  "unauthenticated",
  "token_expired",
  "login_revoked",
] as const satisfies readonly ProblemCode[];
