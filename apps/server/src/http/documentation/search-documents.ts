import type { Document, Documentation } from "./document.ts";

export interface FoundDocument {
  readonly document: Document;
  /** Around the first of the words, as plain text. */
  readonly excerpt: string;
}

const maxFound = 30;
const maxQuestionLength = 100;
const excerptLength = 180;

/** Pages that have every word of the question, in any case; the more of them stand in the title, the further up. A few hundred pages are looked through each time: some milliseconds. */
export function searchDocuments({ byAddress }: Documentation, question: string): readonly FoundDocument[] {
  const words = question.slice(0, maxQuestionLength).toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = [...byAddress.values()].flatMap((document) => {
    const text = document.markdown.toLowerCase();
    if (!words.every((word) => text.includes(word))) return [];
    const title = document.title.toLowerCase();
    return [{ document, score: words.filter((word) => title.includes(word)).length }];
  });
  return found
    .sort((one, other) => other.score - one.score)
    .slice(0, maxFound)
    .map(({ document }) => ({ document, excerpt: excerptOf(document, words[0] as string) }));
}

function excerptOf({ markdown }: Document, word: string): string {
  const plain = markdown
    .replaceAll(/^#.*$/gm, " ")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[`*|#>]|---+/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  const at = Math.max(0, plain.toLowerCase().indexOf(word) - excerptLength / 3);
  const from = at === 0 ? 0 : plain.indexOf(" ", at) + 1;
  const rest = plain.slice(from, from + excerptLength);
  return `${from > 0 ? "… " : ""}${rest}${from + excerptLength < plain.length ? " …" : ""}`;
}
