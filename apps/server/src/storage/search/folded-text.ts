/** Accents over and under letters. Signs of other scripts that are marks to Unicode too (Japanese voicing, Indic vowels) stay: there they make another letter. */
const accents = /[\u0300-\u036f]/g;
/** All but ASCII and the ideographs, which have neither case nor accents nor forms: a text of them alone is left as it is. */
const foldable = /[^\p{ASCII}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}]/gu;
const onlyAscii = /^\p{ASCII}*$/u;

/**
 * Without case, accents and forms: `Ärger.PDF` and `ARGER.pdf` are the same, and so are a name in NFC and in NFD, and full-width and ordinary letters. Each character is folded by itself, so that what is found can be shown in the original.
 */
export function fold(original: string): string {
  return isAscii(original) ? original.toLowerCase() : original.replaceAll(foldable, foldCharacter).toLowerCase();
}

/** As `fold` gives, of a long text at once; only what combines across characters may differ. */
export function foldText(original: string): string {
  if (isAscii(original)) return original.toLowerCase();
  return original.normalize("NFKD").replaceAll(accents, "").toLowerCase().replaceAll("ς", "σ");
}

/** For each UTF-16 unit of the folded text, where the character that it came from begins in the original; one more at the end for the original's length. */
export function originsOf(original: string): number[] {
  const origins: number[] = [];
  let at = 0;
  for (const character of original) {
    const folded = foldCharacter(character);
    for (let unit = 0; unit < folded.length; unit += 1) origins.push(at);
    at += character.length;
  }
  origins.push(at);
  return origins;
}

/** Such a text has its characters folded one for one. */
export function isAscii(text: string): boolean {
  return onlyAscii.test(text);
}

/** Characters that were folded before: looking them up is ten times faster. There is room for all that aren't ideographs, so that none is folded for every text; what people write has some thousand. */
const foldedCharacters = new Map<string, string>();
const maxFoldedCharacters = 100_000;

/** Those of the second and third plane, too, but for the block that stands for others. */
function isIdeograph(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20000) return code < 0x2f800 || code > 0x2fa1f;
  return (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf);
}

function foldCharacter(character: string): string {
  if (character < "\u{80}") return character.toLowerCase();
  if (isIdeograph(character)) return character;
  const known = foldedCharacters.get(character);
  if (known !== undefined) return known;
  // A final sigma is the same letter as another one.
  const folded = character.normalize("NFKD").replaceAll(accents, "").toLowerCase().replaceAll("ς", "σ");
  if (foldedCharacters.size < maxFoldedCharacters) foldedCharacters.set(character, folded);
  return folded;
}
