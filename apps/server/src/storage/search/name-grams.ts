import { fold } from "./folded-text.ts";

/**
 * The pieces that names are found by. Each word of a name is cut into overlapping runs of two and three characters, of which the first is a mark, so that beginnings can be asked for; scripts without spaces also give
 * single characters. Whoever has all pieces of what was asked is a candidate, and is then compared itself. The marks are private-use characters, which no word of a name holds.
 */
const wordStart = "\u{E000}";
const nameStart = "\u{E001}";
const wholeName = "\u{E002}";

/** From here on, a single character says as much as a word: CJK and what is behind it. */
const firstDenseCharacter = 0x2e80;
/** Characters of a name without its ending, as one piece; longer ones are told apart by looking at them. */
const maxWholeLength = 40;

/** What parts words: spaces, punctuation, the signs of ASCII, and what Unicode calls other (private use and control characters). */
export const separators = /[\p{Z}\p{P}\p{C}$+<=>^`|~]+/u;

/** The words of a text, folded. */
export function wordsOf(text: string): string[] {
  return fold(text)
    .split(separators)
    .filter((word) => word !== "");
}

/** All pieces of a name, each once. */
export function gramsOfName(name: string): string[] {
  const words = wordsOf(name);
  const grams = new Set<string>([wholeGram(stemOf(name))]);
  for (const gram of startGrams(words[0] ?? "")) grams.add(gram);
  for (const word of words) {
    const characters = [wordStart, ...Array.from(word)];
    for (let at = 0; at < characters.length; at += 1) {
      if (at > 0 && isDense(characters[at])) grams.add(characters[at] ?? "");
      if (at + 2 <= characters.length) grams.add(characters.slice(at, at + 2).join(""));
      if (at + 3 <= characters.length) grams.add(characters.slice(at, at + 3).join(""));
    }
  }
  return [...grams];
}

/** Of a name that is this text, with or without an ending. */
export function gramsOfWhole(text: string): string[][] {
  return [[wholeGram(text)], [wholeGram(stemOf(text))]];
}

/** Of a name that begins with these words. */
export function gramsOfNameStart(words: readonly string[]): string[] {
  const [first = ""] = words;
  const start = startGrams(first).at(-1);
  return start === undefined ? [] : unique([start, ...words.flatMap((word) => gramsOfPart(Array.from(word)))]);
}

/** Of a name that has a word beginning with each of these. */
export function gramsOfWordStarts(words: readonly string[]): string[] {
  return unique(words.flatMap((word) => gramsOfPart([wordStart, ...Array.from(word)])));
}

/** Of a name that has each of these somewhere in a word. Empty when they are too short to be looked up. */
export function gramsOfParts(words: readonly string[]): string[] {
  return unique(words.flatMap((word) => gramsOfPart(Array.from(word))));
}

/**
 * Ways in which a name may hold a word with one slip (a wrong, missing or extra character, or two changed places): the slip lies in one half, and the other half is as it was written, or it lies where they meet. Empty for what is too short to
 * be told from other words.
 */
export function gramsOfSlips(word: string): string[][] {
  const characters = Array.from(word);
  const middle = Math.floor(characters.length / 2);
  const first = [wordStart, ...characters.slice(0, middle)];
  const last = characters.slice(middle);
  const aroundMiddle = [...gramsOfPart(first.slice(0, -1)), ...gramsOfPart(last.slice(1))];
  return [gramsOfPart(first), gramsOfPart(last), unique(aroundMiddle)].filter((grams) => grams.length > 0);
}

/** The name without its ending, such as `report` of `report.pdf`. */
export function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

/** All runs of three; of less, what there is. */
function gramsOfPart(characters: readonly string[]): string[] {
  const { length } = characters;
  if (length >= 3) return Array.from({ length: length - 2 }, (_, at) => characters.slice(at, at + 3).join(""));
  if (length === 2) return [characters.join("")];
  const [only] = characters;
  return only !== undefined && isDense(only) ? [only] : [];
}

/** The first one, two and three characters of a name. */
function startGrams(word: string): string[] {
  const characters = Array.from(word).slice(0, 3);
  return characters.map((_, index) => nameStart + characters.slice(0, index + 1).join(""));
}

function wholeGram(text: string): string {
  // By characters: half of one is no text that a database takes.
  return wholeName + Array.from(wordsOf(text).join("")).slice(0, maxWholeLength).join("");
}

function isDense(character: string | undefined): boolean {
  const code = character?.codePointAt(0) ?? 0;
  return code >= firstDenseCharacter && !(code >= 0xe000 && code <= 0xf8ff);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
