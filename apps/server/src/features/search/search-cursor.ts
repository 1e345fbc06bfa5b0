import { ProblemError } from "@satchel/protocol";

/** Where a search goes on: behind this place, among what matches in this way. */
export interface SearchPosition {
  /** An index into the ways of matching, best first. */
  readonly step: number;
  /** Undefined: from the beginning of the step. */
  readonly before: number | undefined;
}

const pattern = /^s(\d{1,2})(?:\.(\d{1,15}))?$/;

export function encodeSearchCursor({ step, before }: SearchPosition): string {
  return before === undefined ? `s${step}` : `s${step}.${before}`;
}

/** @throws bad_request */
export function parseSearchCursor(text: string): SearchPosition {
  const [, step, before] = pattern.exec(text) ?? [];
  if (step === undefined) throw new ProblemError("bad_request", "the cursor is of no search");
  return { step: Number(step), before: before === undefined ? undefined : Number(before) };
}
