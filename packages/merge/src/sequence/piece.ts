/** What the sides agree on, or only one of them changed. */
export interface MergedPiece {
  readonly text: string;
  /** Whose text it is; `both` where it is in the base, or both changed it alike. */
  readonly from: "both" | "mine" | "theirs";
}

/** A region that both sides changed, differently. */
export interface ConflictPiece {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

/** A part of a merge, in the order of the text. */
export type Piece = MergedPiece | ConflictPiece;

export function isConflict(piece: Piece): piece is ConflictPiece {
  return "base" in piece;
}
