import { diffLines, diffWordsWithSpace } from "diff";

/** A part of a line; marked where the two texts differ. */
export interface LinePart {
  readonly text: string;
  readonly isMarked: boolean;
}

/** A line of the comparison, with its numbers in both texts; or how many equal lines are passed over. */
export type ComparedLine =
  | {
      readonly kind: "same" | "removed" | "added";
      readonly before: number | undefined;
      readonly after: number | undefined;
      readonly parts: readonly LinePart[];
    }
  | { readonly kind: "gap"; readonly lines: number };

/** Equal lines that are shown around what differs. */
const contextLines = 3;
/** Texts that differ in more lines than this aren't compared: nobody reads it, and finding out takes long. */
const maxEdits = 1200;

/** Line by line, and by words within lines that stand for each other; undefined for texts that have hardly anything in common. */
export function compareText(before: string, after: string): ComparedLine[] | undefined {
  const changes = diffLines(before, after, { maxEditLength: maxEdits, stripTrailingCr: true });
  if (!changes) return undefined;
  const lines: ComparedLine[] = [];
  const at = { before: 1, after: 1 };
  for (let index = 0; index < changes.length; index += 1) {
    const change = changes[index];
    if (!change) break;
    const texts = linesOf(change.value);
    const next = changes[index + 1];
    if (change.removed && next?.added) {
      lines.push(...replaced(texts, linesOf(next.value), at));
      index += 1;
    } else if (change.removed) lines.push(...texts.map((text) => removed(whole(text, true), at)));
    else if (change.added) lines.push(...texts.map((text) => added(whole(text, true), at)));
    else lines.push(...texts.map((text) => same(text, at)));
  }
  return passOver(lines);
}

interface Place {
  before: number;
  after: number;
}

/** As many new lines as old ones stand for each other, and differ in words. */
function replaced(old: readonly string[], fresh: readonly string[], at: Place): ComparedLine[] {
  const pairs = old.length === fresh.length ? old.map((text, index) => wordsOf(text, fresh[index] ?? "")) : [];
  return [
    ...old.map((text, index) => removed(pairs[index]?.before ?? whole(text, true), at)),
    ...fresh.map((text, index) => added(pairs[index]?.after ?? whole(text, true), at)),
  ];
}

function wordsOf(before: string, after: string): { readonly before: LinePart[]; readonly after: LinePart[] } {
  const changes = diffWordsWithSpace(before, after);
  const partsOf = (without: "added" | "removed", marked: "added" | "removed"): LinePart[] =>
    changes.filter((change) => !change[without]).map((change) => ({ text: change.value, isMarked: change[marked] }));
  return { before: partsOf("added", "removed"), after: partsOf("removed", "added") };
}

function same(text: string, at: Place): ComparedLine {
  return { kind: "same", before: at.before++, after: at.after++, parts: whole(text, false) };
}

function removed(parts: readonly LinePart[], at: Place): ComparedLine {
  return { kind: "removed", before: at.before++, after: undefined, parts };
}

function added(parts: readonly LinePart[], at: Place): ComparedLine {
  return { kind: "added", before: undefined, after: at.after++, parts };
}

function whole(text: string, isMarked: boolean): LinePart[] {
  return [{ text, isMarked }];
}

/** The last line may end without a line end. */
function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}

function passOver(lines: readonly ComparedLine[]): ComparedLine[] {
  const isNear = lines.map(() => false);
  for (const [index, { kind }] of lines.entries()) {
    if (kind === "same") continue;
    isNear.fill(true, Math.max(0, index - contextLines), index + contextLines + 1);
  }
  const shown: ComparedLine[] = [];
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1);
    if (isNear[index]) shown.push(line);
    else if (last?.kind === "gap") shown[shown.length - 1] = { kind: "gap", lines: last.lines + 1 };
    else shown.push({ kind: "gap", lines: 1 });
  }
  return shown;
}
