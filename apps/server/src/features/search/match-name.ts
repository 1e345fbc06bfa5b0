import type { SearchMatch } from "@satchel/protocol";
import { fold, isAscii, originsOf } from "../../storage/search/folded-text.ts";
import { separators, stemOf, wordsOf } from "../../storage/search/name-grams.ts";
import { slipsTo } from "./slips-to.ts";

/** Of what a name is to a search: how well it fits, and which parts of it show why. */
export interface NameMatch {
  readonly match: Exclude<SearchMatch, "any">;
  /** UTF-16 offsets in the name, in order and apart. */
  readonly found: readonly [number, number][];
}

/** What is searched for, ready to be compared. */
export interface SoughtName {
  readonly text: string;
  readonly words: readonly string[];
  /** The words without what parts them; of the whole text, and of it without an ending. */
  readonly joined: string;
  readonly joinedStem: string;
}

export function soughtName(text: string): SoughtName {
  const words = wordsOf(text);
  return { text, words, joined: words.join(""), joinedStem: wordsOf(stemOf(text)).join("") };
}

/** The best of the ways in which a name fits; undefined when it doesn't. What is sought has at least one word. */
export function matchName(sought: SoughtName, name: string): NameMatch | undefined {
  const text = fold(name);
  const words = placesOf(text);
  const told = (match: NameMatch["match"], parts: readonly Part[] | undefined): NameMatch | undefined =>
    parts && { match, found: toOriginal(name, parts) };
  return (
    told("whole", whole(sought, { name, text, words })) ??
    told("beginning", beginning(sought, words)) ??
    told("words", each(sought, words, startsWord)) ??
    told("parts", each(sought, words, isPartOf)) ??
    told("similar", each(sought, words, isSimilar))
  );
}

/** A range of the folded name. */
type Part = readonly [from: number, to: number];

interface Word {
  readonly text: string;
  readonly at: number;
}

const separator = new RegExp(separators, "gu");

function placesOf(text: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  for (const { index, 0: between } of text.matchAll(separator)) {
    if (index > at) words.push({ text: text.slice(at, index), at });
    at = index + between.length;
  }
  if (text.length > at) words.push({ text: text.slice(at), at });
  return words;
}

/** The name, or the name without its ending. */
function whole(
  { joined, joinedStem }: SoughtName,
  { name, text, words }: { readonly name: string; readonly text: string; readonly words: readonly Word[] },
): Part[] | undefined {
  const joinedName = words.map((word) => word.text).join("");
  if (!joinedName.startsWith(joined)) return undefined;
  // Characters are folded one by one, so that what lies before the ending is the same in the folded name.
  const stem = placesOf(text.slice(0, fold(stemOf(name)).length));
  const ownStem = stem.map((word) => word.text).join("");
  if (joined === ownStem) return stem.map(rangeOf);
  return joined === joinedName && joinedStem === ownStem ? words.map(rangeOf) : undefined;
}

function beginning({ words: sought }: SoughtName, words: readonly Word[]): Part[] | undefined {
  const last = sought.length - 1;
  const fits = sought.every((text, index) => {
    const word = words[index]?.text;
    return index === last ? word?.startsWith(text) : word === text;
  });
  return fits ? sought.map((text, index) => partOf(words[index], 0, text.length)) : undefined;
}

type Fit = (sought: string, word: Word) => Part | undefined;

/** Each word that is sought fits some word of the name. */
function each({ words: sought }: SoughtName, words: readonly Word[], fit: Fit): Part[] | undefined {
  const parts: Part[] = [];
  for (const text of sought) {
    const part = words.map((word) => fit(text, word)).find((found) => found !== undefined);
    if (!part) return undefined;
    parts.push(part);
  }
  return parts;
}

const startsWord: Fit = (sought, word) => (word.text.startsWith(sought) ? partOf(word, 0, sought.length) : undefined);

const isPartOf: Fit = (sought, word) => {
  const index = word.text.indexOf(sought);
  return index < 0 ? undefined : partOf(word, index, index + sought.length);
};

const isSimilar: Fit = (sought, word) => {
  const part = isPartOf(sought, word);
  if (part) return part;
  const slips = slipsAllowed(Array.from(sought).length);
  // A character takes one unit or two.
  if (slips === 0 || word.text.length * 2 < sought.length - slips) return undefined;
  return slipsTo(sought, word.text, slips) <= slips ? rangeOf(word) : undefined;
};

/** How many slips of the pen a word of this length may have, in characters: in a short one, each makes another word. */
export function slipsAllowed(length: number): number {
  if (length < 4) return 0;
  return length < 9 ? 1 : 2;
}

function rangeOf({ text, at }: Word): Part {
  return [at, at + text.length];
}

function partOf(word: Word | undefined, from: number, to: number): Part {
  const at = word?.at ?? 0;
  return [at + from, at + to];
}

/** As ranges of the name itself, joined where they meet. */
function toOriginal(name: string, parts: readonly Part[]): [number, number][] {
  const ranges: [number, number][] = [];
  const origins = isAscii(name) ? undefined : originsOf(name);
  for (const [from, to] of parts.toSorted((a, b) => a[0] - b[0])) {
    const [start, end] = origins ? originalRange(origins, from, to) : [from, to];
    const before = ranges.at(-1);
    if (before && start <= before[1]) before[1] = Math.max(before[1], end);
    else ranges.push([start, end]);
  }
  return ranges;
}

/** A character may have become several: the range takes all of it. */
function originalRange(origins: readonly number[], from: number, to: number): [number, number] {
  const last = origins[to - 1] ?? 0;
  return [origins[from] ?? 0, origins.slice(to).find((origin) => origin > last) ?? last];
}
