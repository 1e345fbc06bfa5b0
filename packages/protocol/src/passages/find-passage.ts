import { maxContextLength, maxQuoteLength, type Passage } from "../messages/comments.ts";

/** Places in a text, in UTF-16 units; `end` is behind the last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A quote this long is taken for the passage though nothing around it is as it was. */
const tellingLength = 12;
/** So many places that read the same are compared; a passage beyond them is not found. */
const maxCompared = 1000;

/** How a passage reads: its words, cut where they are too many, and a little of what is around them. */
export function describePassage(text: string, { start, end }: Span): Omit<Passage, "anchor"> {
  const until = Math.min(end, start + maxQuoteLength);
  return {
    quote: text.slice(start, until),
    before: text.slice(Math.max(0, start - maxContextLength), start),
    after: text.slice(until, until + maxContextLength),
  };
}

/** Where a passage is, by how it reads: of several places that read the same, the one whose surroundings are most like those that it had. Undefined where its words are no more, or are too few to tell. [CM5] */
export function findPassage(text: string, { quote, before, after }: Omit<Passage, "anchor">): Span | undefined {
  let best: { readonly start: number; readonly likeness: number } | undefined;
  let start = text.indexOf(quote);
  for (let compared = 0; start >= 0 && compared < maxCompared; compared += 1) {
    const likeness = commonEnd(text, start, before) + commonStart(text, start + quote.length, after);
    if (!best || likeness > best.likeness) best = { start, likeness };
    start = text.indexOf(quote, start + 1);
  }
  if (!best) return undefined;
  const isAllThereIs = best.likeness === 0 && quote.length === text.length;
  if (best.likeness === 0 && quote.length < tellingLength && !isAllThereIs) return undefined;
  return { start: best.start, end: best.start + quote.length };
}

/** How many characters before `at` are those at the end of `words`. */
function commonEnd(text: string, at: number, words: string): number {
  let count = 0;
  while (count < words.length && count < at && text[at - count - 1] === words[words.length - count - 1]) count += 1;
  return count;
}

function commonStart(text: string, at: number, words: string): number {
  let count = 0;
  while (count < words.length && at + count < text.length && text[at + count] === words[count]) count += 1;
  return count;
}
