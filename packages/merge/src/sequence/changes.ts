import { diffArrays } from "diff";

/** `[start, end)` of the base became `tokens`. */
export interface Change<Token> {
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly Token[];
}

/** More insertions and deletions than these between two versions: they are too different to be merged by a program, and comparing them would take long. */
export const maxEdits = 4000;

/**
 * What was changed between two sequences, in order; two changes never touch. Found by Myers' algorithm (E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986), which
 * gives the same answer for the same input everywhere.
 *
 * @returns undefined when they are too different
 */
export function findChanges(
  base: readonly string[],
  side: readonly string[],
  maxEditLength = maxEdits,
): Change<string>[] | undefined {
  const parts = diffArrays([...base], [...side], { maxEditLength });
  if (parts === undefined) return undefined;
  const changes: Change<string>[] = [];
  let at = 0;
  let from = 0;
  let tokens: string[] = [];
  const close = (): void => {
    if (at > from || tokens.length > 0) changes.push({ start: from, end: at, tokens });
    tokens = [];
  };
  for (const part of parts) {
    if (part.added) tokens = [...tokens, ...part.value];
    else if (part.removed) at += part.value.length;
    else {
      close();
      at += part.value.length;
      from = at;
    }
  }
  close();
  return changes;
}
