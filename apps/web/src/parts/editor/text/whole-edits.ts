import type { ChangeSet, Text } from "@codemirror/state";

/** `remove` UTF-16 units at `at` became `insert`; places count in the text in which all edits before are done. */
export interface WholeEdit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** What changes make of a text, in edits that begin and end between whole characters: what a keyboard replaces by another emoji may be half of a pair of surrogates only, and a shared text that is cut there has lost both halves. */
export function wholeEdits(changes: ChangeSet, before: Text): WholeEdit[] {
  const edits: WholeEdit[] = [];
  changes.iterChanges((fromOld, toOld, from, _to, inserted) => {
    const start = isInPair(before, fromOld) ? fromOld - 1 : fromOld;
    const end = isInPair(before, toOld) ? toOld + 1 : toOld;
    edits.push({
      at: from - (fromOld - start),
      remove: end - start,
      insert: before.sliceString(start, fromOld) + inserted.sliceString(0) + before.sliceString(toOld, end),
    });
  });
  return edits;
}

/** Whether a place is between the two halves of a character. */
function isInPair(text: Text, at: number): boolean {
  return at > 0 && at < text.length && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.sliceString(at - 1, at + 1));
}
