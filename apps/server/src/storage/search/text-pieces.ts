import { foldText, isAscii } from "./folded-text.ts";
import { separators } from "./name-grams.ts";

/**
 * The pieces that texts are found by. A word gives its first three, four, six and nine characters, so that it is found by its beginning and mostly in its other forms; one of fewer than three gives itself. A run of a script without spaces gives each
 * character and each pair. The words that a text is about (see `aboutOf`) give a piece more, so that such texts can be asked for first. The marks are private-use characters, which no word holds.
 */
const startMark = "\u{E000}";
const wholeMark = "\u{E001}";
const aboutMark = "\u{E005}";

const startLengths = [3, 4, 6, 9] as const;
const aboutLength = 6;

/** The most pieces of one text: a large table of numbers has no end of them. */
export const maxTextPieces = 20_000;
/** What stands in so many UTF-16 units at the beginning, a title or a subject, tells what the text is about. */
const aboutUnits = 300;
/** So does a word that comes so often; of those, the most frequent. */
const aboutCount = 4;
const maxAboutWords = 60;

/** CJK and what is behind it: what of a word is written without spaces, and what isn't. As `isDense` has it for names. */
const runs = /[\u{2e80}-\u{d7ff}\u{f900}-\u{10ffff}]+|[^\u{2e80}-\u{d7ff}\u{f900}-\u{10ffff}]+/gu;
const dense = /^[\u{2e80}-\u{d7ff}\u{f900}-\u{10ffff}]/u;
/** In ASCII all else separates. Most texts are that, and this is many times faster. */
const asciiWords = /[0-9A-Za-z]+/g;

/** The runs of one kind of script in a folded text, in order. */
export function runsOf(folded: string): string[] {
  if (isAscii(folded)) return folded.match(asciiWords) ?? [];
  return folded.split(separators).flatMap((word) => word.match(runs) ?? []);
}

/** Is it of a script without spaces? */
export function isDenseRun(run: string): boolean {
  return dense.test(run);
}

/** All pieces of a file's name and text, each once, at most {@link maxTextPieces}. */
export function piecesOfText(name: string, text: string): string[] {
  const pieces = new Set<string>();
  const nameRuns = runsOf(foldText(name));
  const textRuns = runsOf(foldText(text));
  const counts = new Map<string, number>();
  for (const run of textRuns) counts.set(run, (counts.get(run) ?? 0) + 1);
  const about = new Set([...nameRuns, ...runsOf(foldText(text.slice(0, aboutUnits))), ...frequentOf(counts)]);
  for (const run of about) for (const piece of aboutPieces(run)) pieces.add(piece);
  for (const run of new Set([...nameRuns, ...counts.keys()])) {
    if (pieces.size >= maxTextPieces) break;
    if (isDenseRun(run)) for (const piece of densePieces(run)) pieces.add(piece);
    else for (const piece of wordPieces(run)) pieces.add(piece);
  }
  return [...pieces].slice(0, maxTextPieces);
}

/** What a text has that has a word beginning with each of these, and what it has when it is about them. */
export function soughtPieces(words: readonly string[]): { readonly all: string[]; readonly about: string[] } {
  const sought = words.flatMap((word) => runsOf(word));
  const all = sought.flatMap((run) => {
    if (isDenseRun(run)) return longest(run);
    return wordPieces(run).slice(-1);
  });
  return { all: [...new Set(all)], about: [...new Set(sought.flatMap(aboutPieces))] };
}

/** Of a run that isn't dense: its characters are UTF-16 units. */
function wordPieces(word: string): string[] {
  if (word.length < startLengths[0]) return [wholeMark + word];
  const pieces: string[] = [];
  for (const length of startLengths) if (length <= word.length) pieces.push(startMark + word.slice(0, length));
  return pieces;
}

function densePieces(run: string): string[] {
  const characters = Array.from(run);
  return characters.flatMap((character, at) =>
    at + 1 < characters.length ? [character, character + (characters[at + 1] ?? "")] : [character],
  );
}

/** Pairs; of one character, that. */
function longest(run: string): string[] {
  const characters = Array.from(run);
  return characters.length === 1
    ? [run]
    : characters.slice(1).map((character, at) => (characters[at] ?? "") + character);
}

function aboutPieces(run: string): string[] {
  if (isDenseRun(run)) return longest(run).map((piece) => aboutMark + piece);
  return [aboutMark + run.slice(0, aboutLength)];
}

function frequentOf(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .filter(([run, count]) => count >= aboutCount && (run.length >= startLengths[0] || isDenseRun(run)))
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, maxAboutWords)
    .map(([run]) => run);
}
