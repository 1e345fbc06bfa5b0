/** A text as search compares it, with the way back to the text it was made from. */
export interface FoldedText {
  readonly text: string;
  /** For each UTF-16 unit of `text`, where the character that it came from begins in the original; one more at the end for the original's length. */
  readonly origins: readonly number[];
}

/** Accents over and under letters. Signs of other scripts that are marks to Unicode too (Japanese voicing, Indic vowels) stay: there they make another letter. */
const accents = /[\u0300-\u036f]/g;
const onlyAscii = /^\p{ASCII}*$/u;

/**
 * Without case, accents and forms: `Ärger.PDF` and `ARGER.pdf` are the same, and so are a name in NFC and in NFD, and full-width and ordinary letters. Each character is folded by itself, so that what is found can be shown in the original.
 */
export function fold(original: string): string {
  return onlyAscii.test(original) ? original.toLowerCase() : Array.from(original, foldCharacter).join("");
}

/** As {@link fold}, with the way back. */
export function foldWithOrigins(original: string): FoldedText {
  const origins: number[] = [];
  let text = "";
  let at = 0;
  for (const character of original) {
    const folded = foldCharacter(character);
    for (let unit = 0; unit < folded.length; unit += 1) origins.push(at);
    text += folded;
    at += character.length;
  }
  origins.push(at);
  return { text, origins };
}

function foldCharacter(character: string): string {
  // A final sigma is the same letter as another one.
  return character.normalize("NFKD").replaceAll(accents, "").toLowerCase().replaceAll("ς", "σ");
}
