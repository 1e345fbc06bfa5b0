import { mergeRuleOf, mergeTexts, type ConflictPiece, type Piece } from "@satchel/merge";
import { diffLines } from "diff";

/** What is to stand in the place of a piece that both sides changed; `both`: first the original's, then the copy's. */
export type PieceChoice = "mine" | "theirs" | "both";

/** The texts of a conflict; `base` is undefined where what both sides started from isn't known. */
export interface ConflictTexts {
  readonly base: string | undefined;
  readonly mine: string;
  readonly theirs: string;
}

/** A text in pieces: what is settled, and what somebody has to choose. All of both sides is in them, in order. */
export function draftMerge(name: string, { base, mine, theirs }: ConflictTexts): readonly Piece[] {
  if (base === undefined) return comparedPieces(mine, theirs);
  const texts = { base, mine, theirs };
  const rule = mergeRuleOf(name) ?? "lines";
  const merged = mergeTexts(rule, texts);
  if (merged.outcome === "merged") return [{ text: merged.text, from: "both" }];
  // A table or a JSON value in conflict is one piece as a whole: by lines there is something to choose from.
  if (rule !== "json" && rule !== "csv") return joinSettled(merged.pieces);
  const byLine = mergeTexts("lines", texts);
  return joinSettled(byLine.outcome === "conflict" ? byLine.pieces : merged.pieces);
}

/** What is settled is one text, whoever wrote it. */
function joinSettled(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last && !isOpen(last) && !isOpen(piece))
      joined[joined.length - 1] = { text: last.text + piece.text, from: "both" };
    else joined.push(piece);
  }
  return joined;
}

/** Without a base every difference is a choice. */
function comparedPieces(mine: string, theirs: string): Piece[] {
  const pieces: Piece[] = [];
  let open: ConflictPiece | undefined;
  const close = (): void => {
    if (open) pieces.push(open);
    open = undefined;
  };
  for (const { value, added, removed } of diffLines(theirs, mine)) {
    if (!added && !removed) {
      close();
      pieces.push({ text: value, from: "both" });
      continue;
    }
    open ??= { base: "", mine: "", theirs: "" };
    open = added ? { ...open, mine: open.mine + value } : { ...open, theirs: open.theirs + value };
  }
  close();
  return pieces;
}

export function isOpen(piece: Piece): piece is ConflictPiece {
  return "base" in piece;
}

/** The text that the choices make, by the places of their pieces; undefined while one is missing. */
export function textOfChoices(pieces: readonly Piece[], choices: ReadonlyMap<number, PieceChoice>): string | undefined {
  const texts = pieces.map((piece, place) => (isOpen(piece) ? chosenText(piece, choices.get(place)) : piece.text));
  return texts.every((text) => text !== undefined) ? texts.join("") : undefined;
}

function chosenText({ mine, theirs }: ConflictPiece, choice: PieceChoice | undefined): string | undefined {
  switch (choice) {
    case "mine":
      return mine;
    case "theirs":
      return theirs;
    case "both":
      return theirs === "" || theirs.endsWith("\n") || mine === "" ? theirs + mine : `${theirs}\n${mine}`;
    case undefined:
      return undefined;
  }
}
