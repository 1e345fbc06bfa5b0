import type { SearchMatch } from "@satchel/protocol";
import {
  gramsOfNameStart,
  gramsOfParts,
  gramsOfSlips,
  gramsOfWhole,
  gramsOfWordStarts,
} from "../../storage/search/name-grams.ts";
import type { CandidateQuery } from "../../storage/search/search-index.ts";
import { soughtPieces } from "../../storage/search/text-pieces.ts";
import { slipsAllowed, type SoughtName } from "./match-name.ts";

/** `about`: all words are in its text, which is about them; `content`: they are in the text. */
export type SearchStep = SearchMatch | "about";

const steps: readonly SearchStep[] = ["whole", "beginning", "words", "parts", "similar", "about", "content"];

/** The ways of matching, best first: everything that matches in one way comes before what matches in the next. */
export function searchSteps({ words }: SoughtName): readonly SearchStep[] {
  return words.length === 0 ? ["any"] : steps;
}

type Pieces = Pick<CandidateQuery, "of" | "anyOf" | "not">;

/** Pieces that whatever matches in this way has; undefined: nothing can be looked up in this way. */
export function candidatesOf({ text, words }: SoughtName, step: SearchStep): Pieces | undefined {
  switch (step) {
    case "any":
      return { of: "names", anyOf: undefined, not: undefined };
    case "whole":
      return ofName(gramsOfWhole(text));
    case "beginning":
      return ofName([gramsOfNameStart(words)]);
    case "words":
      return ofName([gramsOfWordStarts(words)]);
    case "parts":
      return ofName([gramsOfParts(words)]);
    case "similar": {
      // The other words are compared with what these find.
      const longest = words.toSorted((a, b) => Array.from(b).length - Array.from(a).length)[0] ?? "";
      return slipsAllowed(Array.from(longest).length) === 0 ? undefined : ofName(gramsOfSlips(longest));
    }
    case "about": {
      const { all, about } = soughtPieces(words);
      return { of: "texts", anyOf: [[...all, ...about]], not: undefined };
    }
    case "content": {
      const { all, about } = soughtPieces(words);
      return { of: "texts", anyOf: [all], not: about };
    }
  }
}

function ofName(alternatives: string[][]): Pieces | undefined {
  const anyOf = alternatives.filter((grams) => grams.length > 0);
  return anyOf.length === 0 ? undefined : { of: "names", anyOf, not: undefined };
}
