import { mergeCsv } from "./csv/merge-csv.ts";
import { mergeJson } from "./json/merge-json.ts";
import type { MergeRule } from "./merge-rule.ts";
import { isConflict, type Piece } from "./sequence/piece.ts";
import { mergeText, textOf } from "./text/merge-text.ts";
import { dressed, undressed } from "./text/text-dress.ts";

/** A file on both sides, and as it was before either changed it. */
export interface TextVersions {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

/** `conflict`: both sides changed the same, or the files are too different to tell; `pieces` are for a person to choose from, and hold all of each version. */
export type MergeOutcome =
  | { readonly outcome: "merged"; readonly text: string }
  | { readonly outcome: "conflict"; readonly pieces: readonly Piece[] };

/** What a merge by structure comes to. */
export type StructuralMerge = { readonly text: string } | "conflict";

/**
 * Merges what two sides made of a base. The same versions give the same text on every device, and so do the sides exchanged. [MG7] Texts come decoded from UTF-8, with their byte order mark if they have one. Rules: docs/spec/merge.md.
 */
export function mergeTexts(rule: MergeRule, versions: TextVersions): MergeOutcome {
  const { base, mine, theirs } = versions;
  if (mine === theirs || theirs === base) return { outcome: "merged", text: mine };
  if (mine === base) return { outcome: "merged", text: theirs };
  const plain = undressed(versions);
  const structured = mergeStructure(rule, plain.versions);
  if (structured === "conflict") return { outcome: "conflict", pieces: [versions] };
  if (structured !== undefined) return { outcome: "merged", text: dressed(structured.text, plain.dress) };
  const pieces = mergeText(plain.versions, { byWord: rule === "prose" }) ?? [plain.versions];
  if (!pieces.some(isConflict)) return { outcome: "merged", text: dressed(textOf(pieces), plain.dress) };
  return { outcome: "conflict", pieces: pieces.map((piece) => dressedPiece(piece, plain.dress.lineEnd)) };
}

/** Undefined where the content is not what the type says, and is text like any other. */
function mergeStructure(rule: MergeRule, versions: TextVersions): StructuralMerge | undefined {
  if (rule === "json") return mergeJson(versions);
  return rule === "csv" ? mergeCsv(versions) : undefined;
}

function dressedPiece(piece: Piece, lineEnd: string): Piece {
  const dress = { mark: "", lineEnd };
  if (!isConflict(piece)) return { ...piece, text: dressed(piece.text, dress) };
  return {
    base: dressed(piece.base, dress),
    mine: dressed(piece.mine, dress),
    theirs: dressed(piece.theirs, dress),
  };
}
