import { findNameProblem } from "@satchel/protocol";
import { findPlatformProblem, fits, holdsAllNames, isDeviceName, isForbidden, type NameRules } from "./name-rules.ts";

/**
 * Marks what an alias writes in another way: the character after it stands for another one. It is hardly ever in a name, is legible in every system's fonts, and doubles itself where a name
 * does have it. (rclone quotes with the same one.)
 */
export const aliasMark = "\u{201B}";
/** After the mark: names that the disk takes for one, told apart by ② to ⑨. */
const firstCircled = 0x2460;
/** So many names that the disk takes for one can be side by side in a folder. */
export const maxNamesakes = 9;
/** After the mark: the name is in NFD, on a disk that keeps all names so. */
const decomposedSign = "\u{24D3}";
/** From an ASCII character to its full-width form, which looks like it. */
const toFullWidth = 0xfee0;
/** From a control character, or a space, to its picture. */
const toPicture = 0x2400;

/** What a name on the disk stands for. */
export interface Decoded {
  readonly name: string;
  /** 1 for the plain form; more where it was told apart from names that the disk takes for the same. */
  readonly nth: number;
}

/**
 * The name under which the disk holds `name`: itself where it can be and stands for no other, else an alias that {@link nameOf} turns back, without any state. `nth` from 2 on tells apart names that the disk
 * takes for one. Undefined when none would fit, or `nth` is over {@link maxNamesakes}.
 */
export function aliasOf(name: string, rules: NameRules, nth = 1): string | undefined {
  if (nth === 1 && standsForItself(name, rules)) return name;
  if (nth > maxNamesakes || holdsAllNames(rules) || name === "." || name === "..") return undefined;
  const form = formMark(name, rules);
  if (form === undefined) return undefined;
  const signs = form + (nth === 1 ? "" : aliasMark + String.fromCodePoint(firstCircled + nth - 1));
  const alias = insertSigns(escape(name, rules), signs);
  return fits(onDisk(alias, rules), rules.name) ? alias : undefined;
}

/** What a name on the disk stands for; for one that is nobody's alias, itself. */
export function nameOf(listed: string, rules: NameRules): Decoded {
  const given = rules.normalization === "decomposed" ? listed.normalize("NFC") : listed;
  return findMeaning(given, rules) ?? { name: given, nth: 1 };
}

/** The names, in order of likelihood, under which a folder may have `name`. Those after the first are found only where the disk takes several names for one. */
export function possibleNames(name: string, rules: NameRules): string[] {
  const folds = rules.foldsCase || rules.normalization !== "kept";
  const numbers = Array.from({ length: folds ? maxNamesakes : 1 }, (_, index) => index + 1);
  return numbers.map((nth) => aliasOf(name, rules, nth)).filter((alias) => alias !== undefined);
}

/** Whether the disk can hold the name as it is, and nobody would take it for an alias of another. */
function standsForItself(name: string, rules: NameRules): boolean {
  if (holdsAllNames(rules)) return true;
  const isHeld = formMark(name, rules) === "" && findPlatformProblem(onDisk(name, rules), rules) === undefined;
  return isHeld && findMeaning(name, rules) === undefined;
}

/** The other name that would be written so. Not even a name on the disk may stand for what is no name, such as "..". */
function findMeaning(given: string, rules: NameRules): Decoded | undefined {
  if (holdsAllNames(rules) || !given.includes(aliasMark)) return undefined;
  const decoded = unescape(given);
  // What means something has a mark less than what it was read from, so this comes to an end.
  const isSomething = (decoded.nth > 1 || decoded.name !== given) && findNameProblem(decoded.name) === undefined;
  if (!isSomething) return undefined;
  const alias = aliasOf(decoded.name, rules, decoded.nth);
  return alias?.normalize("NFC") === given.normalize("NFC") ? decoded : undefined;
}

/** As a listing of the folder will tell it. */
function onDisk(alias: string, rules: NameRules): string {
  return rules.normalization === "decomposed" ? alias.normalize("NFD") : alias;
}

/** On a disk that decomposes: nothing for NFC, a sign for NFD; undefined for a mixture, which can't be told from either. */
function formMark(name: string, rules: NameRules): string | undefined {
  if (rules.normalization !== "decomposed" || name === name.normalize("NFC")) return "";
  return name === name.normalize("NFD") ? aliasMark + decomposedSign : undefined;
}

function escape(name: string, rules: NameRules): string {
  const characters = Array.from(name, (character) => {
    if (character === aliasMark) return aliasMark + aliasMark;
    return isForbidden(character, rules) ? standIn(character) : character;
  });
  if (rules.characters === "windows") {
    const last = characters.length - 1;
    if (characters[last] === "." || characters[last] === " ") characters[last] = standIn(characters[last]);
    // All of them have a letter or more there, and are names like any other without it.
    if (isDeviceName(characters.join(""))) characters[2] = standIn(characters[2] as string);
  }
  return characters.join("");
}

function standIn(character: string): string {
  const code = character.charCodeAt(0);
  return aliasMark + String.fromCharCode(code + (code <= 0x20 ? toPicture : toFullWidth));
}

/** Before the extension, so that programs still know the file by it. */
function insertSigns(alias: string, signs: string): string {
  if (signs === "") return alias;
  const dot = alias.lastIndexOf(".");
  return dot > 0 ? alias.slice(0, dot) + signs + alias.slice(dot) : alias + signs;
}

/** Reads the marks, leniently: whether it really is an alias shows when it is written again. */
function unescape(alias: string): Decoded {
  let [name, nth, isDecomposed] = ["", 1, false];
  for (let at = 0; at < alias.length; at += 1) {
    const next = alias[at] === aliasMark ? alias.charCodeAt(at + 1) : Number.NaN;
    const meant = characterFor(next);
    if (next > firstCircled && next < firstCircled + maxNamesakes) nth = next - firstCircled + 1;
    else if (next === decomposedSign.charCodeAt(0)) isDecomposed = true;
    else if (meant === undefined) {
      name += alias[at];
      continue;
    } else name += meant;
    at += 1;
  }
  return { name: isDecomposed ? name.normalize("NFD") : name, nth };
}

/** What a character after the mark stands for. */
function characterFor(code: number): string | undefined {
  if (code === aliasMark.charCodeAt(0)) return aliasMark;
  if (code > toPicture && code <= toPicture + 0x20) return String.fromCharCode(code - toPicture);
  if (code > toFullWidth + 0x20 && code < toFullWidth + 0x7f) return String.fromCharCode(code - toFullWidth);
  return undefined;
}
