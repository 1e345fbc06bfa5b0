import { findChanges, type Change } from "../sequence/changes.ts";
import { linesOf, wordsOf } from "./tokens.ts";

/** `remove` UTF-16 units at `at` of the text before became `insert`. */
export interface TextEdit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** More insertions and deletions than these, of lines or of words between two lines, are not looked for: a server that follows a save has other things to do (a few milliseconds at most). */
const maxFound = 400;
/** Changed lines with more words than these on one side are replaced as they are. */
const maxTokens = 20_000;

/**
 * What was done to a text, by line and within changed lines by word, in order, every place counted in the text before: carried out from the last to the first, the edits make `after` of `before`. Whole words are put
 * in and taken out, so that nobody's half of a word is taken for another's. Never too much: of texts that are too different the part that differs is replaced. [MG17]
 */
export function textEdits(before: string, after: string): TextEdit[] {
  if (before === after) return [];
  const lines = linesOf(before);
  const changes = findChanges(lines, linesOf(after), maxFound);
  if (changes === undefined) return [replaced(before, after)];
  const starts = startsOf(lines);
  return changes.flatMap((change) => {
    const at = starts[change.start] ?? before.length;
    const old = lines.slice(change.start, change.end).join("");
    return wordEdits(old, change.tokens.join("")).map((edit) => ({ ...edit, at: edit.at + at }));
  });
}

function wordEdits(before: string, after: string): TextEdit[] {
  const [words, wordsAfter] = [piecesOf(before), piecesOf(after)];
  const isLong = words.length > maxTokens || wordsAfter.length > maxTokens;
  const changes = isLong ? undefined : findChanges(words, wordsAfter, maxFound);
  if (changes === undefined) return [replaced(before, after)];
  const starts = startsOf(words);
  return changes.map(({ start, end, tokens }: Change<string>) => ({
    at: starts[start] ?? before.length,
    remove: (starts[end] ?? before.length) - (starts[start] ?? before.length),
    insert: tokens.join(""),
  }));
}

/** Words, and each blank by itself: of two blanks where one was, one is new, and the other still keeps apart what it kept apart. */
function piecesOf(text: string): string[] {
  return wordsOf(text).flatMap((token) => (/^[^\S\r\n]+$/.test(token) ? Array.from(token) : token));
}

/** Where each token begins. */
function startsOf(tokens: readonly string[]): number[] {
  let at = 0;
  return tokens.map((token) => {
    const start = at;
    at += token.length;
    return start;
  });
}

/** One edit from the first to the last character that differs, no pair of surrogates torn. */
function replaced(before: string, after: string): TextEdit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  if (isHighSurrogate(before, start - 1)) start -= 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  if (isHighSurrogate(before, before.length - end - 1) || isHighSurrogate(after, after.length - end - 1))
    end = Math.max(0, end - 1);
  return { at: start, remove: before.length - end - start, insert: after.slice(start, after.length - end) };
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}
