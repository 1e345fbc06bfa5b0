import { fold, isAscii, originsOf } from "../../../storage/search/folded-text.ts";
import { separators } from "../../../storage/search/name-grams.ts";
import { isDenseRun, runsOf } from "../../../storage/search/text-pieces.ts";

/** Where something was found in a text: some of what stands around it, and which parts of that show why. */
export interface Snippet {
  readonly text: string;
  /** UTF-16 offsets in `text`, in order and apart. */
  readonly found: [number, number][];
}

/** A snippet is about this long, in UTF-16 units. */
const snippetUnits = 180;
/** Places of one word that are compared: the best one is mostly among the first. */
const maxPlaces = 50;
/** Words fewer than this many characters long are found whole only, as they are indexed. */
const shortestBeginning = 3;

const isSeparator = new RegExp(`^${separators.source}`, "u");

/** What a file's text and name are compared with: the runs of letters of the words that are sought. */
export function soughtRuns(words: readonly string[]): string[] {
  return [...new Set(words.flatMap((word) => runsOf(word)))];
}

/** Where the runs come closest together in the text; undefined unless each is in the text or the name, or the text was cut and may go on with it. */
export function matchText(
  sought: readonly string[],
  { name, text, isCut }: { readonly name: string; readonly text: string; readonly isCut: boolean },
): Snippet | undefined {
  const folded = fold(text);
  const foldedName = fold(name);
  const places: Place[] = [];
  for (const [run, word] of sought.entries()) {
    const found = placesOf(word, folded);
    if (found.length === 0 && !isCut && placesOf(word, foldedName).length === 0) return undefined;
    for (const [from, to] of found) places.push({ run, from, to });
  }
  const [from, to] = closest(places.toSorted((a, b) => a.from - b.from));
  return cutOut(text, folded, { from, to, places });
}

interface Place {
  readonly run: number;
  readonly from: number;
  readonly to: number;
}

/** Where a run begins a word, or, in scripts without spaces, where it is. */
function placesOf(run: string, folded: string): [number, number][] {
  const places: [number, number][] = [];
  const isWhole = !isDenseRun(run) && Array.from(run).length < shortestBeginning;
  for (let at = folded.indexOf(run); at >= 0 && places.length < maxPlaces; at = folded.indexOf(run, at + 1)) {
    const end = at + run.length;
    if (isDenseRun(run) || (startsWord(folded, at) && (!isWhole || endsWord(folded, end)))) places.push([at, end]);
  }
  return places;
}

function startsWord(folded: string, at: number): boolean {
  return at === 0 || isBetween(folded.charAt(at - 1));
}

function endsWord(folded: string, at: number): boolean {
  return at === folded.length || isBetween(String.fromCodePoint(folded.codePointAt(at) ?? 0));
}

/** Half of a character is of one that is written without spaces. */
function isBetween(character: string): boolean {
  return isSeparator.test(character) || isDenseRun(character) || !character.isWellFormed();
}

/** The range of a snippet's length that has the most of the runs; the first of those. */
function closest(places: readonly Place[]): [number, number] {
  let best = { count: 0, from: 0, to: 0 };
  for (const [index, first] of places.entries()) {
    const runs = new Set<number>();
    let to = first.to;
    for (const place of places.slice(index)) {
      if (place.to > first.from + snippetUnits) break;
      runs.add(place.run);
      ({ to } = place);
    }
    if (runs.size > best.count) best = { count: runs.size, from: first.from, to };
  }
  return [best.from, best.to];
}

/** In the original, with what stands around it, from the beginning of a word to the end of one. */
function cutOut(
  text: string,
  folded: string,
  { from, to, places }: { readonly from: number; readonly to: number; readonly places: readonly Place[] },
): Snippet {
  const origins = isAscii(text) ? undefined : originsOf(text);
  const original = (at: number): number => (origins ? (origins[at] ?? text.length) : at);
  const around = Math.max(0, Math.floor((snippetUnits - (to - from)) / 2));
  const start = atSpace(text, original(Math.max(0, from - around)), original(from));
  const end = spaceBefore(text, original(to), original(Math.min(folded.length, to + around)));
  const lead = start > 0 ? "…" : "";
  const tail = end < text.length ? "…" : "";
  const shift = lead.length - start;
  const found: [number, number][] = [];
  for (const place of places.toSorted((a, b) => a.from - b.from)) {
    const [first, last] = [original(place.from), original(place.to)];
    const before = found.at(-1);
    if (first < start || last > end || last <= first) continue;
    if (before && first + shift <= before[1]) before[1] = Math.max(before[1], last + shift);
    else found.push([first + shift, last + shift]);
  }
  return { text: lead + text.slice(start, end).replaceAll("\n", " ") + tail, found };
}

/** Behind the first space from `at` on; `at` itself where there is none before `last`. */
function atSpace(text: string, at: number, last: number): number {
  if (at === 0) return 0;
  const space = text.slice(at, last).search(/\s/);
  const start = space < 0 ? at : at + space + 1;
  return isLowSurrogate(text, start) ? start + 1 : start;
}

/** The last space before `at`; `at` itself where there is none from `first` on. */
function spaceBefore(text: string, first: number, at: number): number {
  if (at === text.length) return at;
  const between = text.slice(first, at);
  const space = Math.max(between.lastIndexOf(" "), between.lastIndexOf("\n"));
  const end = space < 0 ? at : first + space;
  return isLowSurrogate(text, end) ? end - 1 : end;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
