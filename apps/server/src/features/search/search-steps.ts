import type { SearchMatch } from "@satchel/protocol";
import {
  gramsOfNameStart,
  gramsOfParts,
  gramsOfSlips,
  gramsOfWhole,
  gramsOfWordStarts,
} from "../../storage/search/name-grams.ts";
import { slipsAllowed, type SoughtName } from "./match-name.ts";

const byName: readonly SearchMatch[] = ["whole", "beginning", "words", "parts", "similar"];

/** The ways of matching, best first: everything that matches in one way comes before what matches in the next. */
export function searchSteps({ words }: SoughtName): readonly SearchMatch[] {
  return words.length === 0 ? ["any"] : byName;
}

/** Pieces that whatever matches in this way has, as alternatives; undefined: nothing is known; empty: nothing can be looked up in this way. */
export function candidatesOf({ text, words }: SoughtName, match: SearchMatch): string[][] | undefined {
  switch (match) {
    case "any":
      return undefined;
    case "whole":
      return gramsOfWhole(text);
    case "beginning":
      return some(gramsOfNameStart(words));
    case "words":
      return some(gramsOfWordStarts(words));
    case "parts":
      return some(gramsOfParts(words));
    case "similar": {
      // The other words are compared with what these find.
      const longest = words.toSorted((a, b) => Array.from(b).length - Array.from(a).length)[0] ?? "";
      return slipsAllowed(Array.from(longest).length) === 0 ? [] : gramsOfSlips(longest);
    }
  }
}

function some(grams: string[]): string[][] {
  return grams.length === 0 ? [] : [grams];
}
