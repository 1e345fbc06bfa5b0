/** Lines with their ends; the last one may have none. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Words, stretches of blanks, line ends, and everything else by character. */
export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{M}\p{N}_]+(?:['’-][\p{L}\p{M}\p{N}_]+)*|\r?\n|[^\S\r\n]+|[\s\S]/gu) ?? [];
}

/** Whether a token of {@link wordsOf} says something by itself. */
export function isWord(token: string): boolean {
  return /[\p{L}\p{N}_]/u.test(token);
}
