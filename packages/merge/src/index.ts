export { mergeTexts, type MergeOutcome, type TextVersions } from "./merge-texts.ts";
export { mergeRuleOf, type MergeRule } from "./merge-rule.ts";
export type { ConflictPiece, MergedPiece, Piece } from "./sequence/piece.ts";
export { textEdits, type TextEdit } from "./text/text-edits.ts";
