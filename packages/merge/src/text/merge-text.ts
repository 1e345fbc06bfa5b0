import { findChanges } from "../sequence/changes.ts";
import { isConflict, type Piece } from "../sequence/piece.ts";
import { findRegions, type Region } from "../sequence/regions.ts";
import type { TextVersions } from "../merge-texts.ts";
import { keepsEachWord } from "./keeps-each-word.ts";
import { linesOf, wordsOf } from "./tokens.ts";

/** Longer stretches, in words and what is between them, that both sides changed are not looked into: a rewritten chapter is no slip of the pen. */
const maxRegionTokens = 20_000;

/**
 * Merges by line [MG4], and with `byWord` by word within lines that both sides changed [MG5].
 *
 * @returns the text in pieces, in order; undefined when the sides are too different from the base
 */
export function mergeText(versions: TextVersions, { byWord }: { readonly byWord: boolean }): Piece[] | undefined {
  const regions = regionsOf(versions, linesOf);
  if (regions === undefined) return undefined;
  const pieces = regions.flatMap((region) => {
    const piece = pieceOf(region);
    return byWord && isConflict(piece) ? (mergeWords(piece) ?? [piece]) : [piece];
  });
  // What both sides moved, to different places, would be there twice. [MG6]
  return pieces.some(isConflict) || keepsEachWord(versions, textOf(pieces)) ? pieces : [versions];
}

/** The words of a region that both changed, if they changed different ones. */
function mergeWords(versions: TextVersions): Piece[] | undefined {
  const isLong = [versions.base, versions.mine, versions.theirs].some((text) => wordsOf(text).length > maxRegionTokens);
  if (isLong || versions.base === "") return undefined;
  const pieces = regionsOf(versions, wordsOf)?.map(pieceOf);
  return pieces === undefined || pieces.some(isConflict) ? undefined : pieces;
}

function regionsOf(
  { base, mine, theirs }: TextVersions,
  tokensOf: (text: string) => string[],
): Region<string>[] | undefined {
  const tokens = tokensOf(base);
  const here = findChanges(tokens, tokensOf(mine));
  const there = findChanges(tokens, tokensOf(theirs));
  return here && there && findRegions({ base: tokens, mine: here, theirs: there }, (a, b) => a === b);
}

function pieceOf({ base, mine, theirs, by }: Region<string>): Piece {
  if (by === "conflict") return { base: base.join(""), mine: mine.join(""), theirs: theirs.join("") };
  const text = (by === "theirs" ? theirs : mine).join("");
  return { text, from: by === "mine" || by === "theirs" ? by : "both" };
}

/** The text of pieces without a conflict. */
export function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (isConflict(piece) ? "" : piece.text)).join("");
}
