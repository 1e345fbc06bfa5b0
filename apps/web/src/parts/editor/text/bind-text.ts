import { EditorSelection, Transaction, type ChangeSpec, type Extension } from "@codemirror/state";
import { ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type * as Y from "yjs";
import { wholeEdits } from "./whole-edits.ts";

/** What this page's edits of the shared text are made with: those are undone here, and no others. */
export const typedHere = Symbol("typed here");

/** Keeps the text of an editor and a shared text the same. What others type is no edit of the editor's person: it is in no history, and read-only editors show it. */
export function bindText(text: Y.Text, undo: Y.UndoManager): Extension {
  return ViewPlugin.define((view) => {
    const onChange = (event: Y.YTextEvent, { origin }: Y.Transaction): void => {
      if (origin === typedHere) return;
      const { changes, end } = changesOf(event.delta);
      const cursor = origin === undo ? { selection: EditorSelection.cursor(end), scrollIntoView: true } : {};
      view.dispatch({ changes, ...cursor, annotations: Transaction.remote.of(true) });
    };
    text.observe(onChange);
    return {
      update: (update) => writeEdits(text, update),
      destroy: () => text.unobserve(onChange),
    };
  });
}

/** Whether a transaction brings what the shared text has already. */
export function isFromShared(transaction: Transaction): boolean {
  return transaction.annotation(Transaction.remote) === true;
}

function writeEdits(text: Y.Text, { docChanged, transactions, changes, startState }: ViewUpdate): void {
  if (!docChanged || transactions.some(isFromShared)) return;
  const write = (): void => {
    for (const { at, remove, insert } of wholeEdits(changes, startState.doc)) {
      if (remove > 0) text.delete(at, remove);
      if (insert !== "") text.insert(at, insert);
    }
  };
  if (text.doc) text.doc.transact(write, typedHere);
}

type Delta = Y.YTextEvent["delta"];

/** Places count in the text before; `end`: where the last change ends in the text after. */
function changesOf(delta: Delta): { readonly changes: readonly ChangeSpec[]; readonly end: number } {
  const changes: ChangeSpec[] = [];
  let [before, after, end] = [0, 0, 0];
  for (const { retain = 0, insert = "", delete: removed = 0 } of delta) {
    before += retain;
    after += retain;
    // A text holds nothing else than words here; what else a client may put in has no place in an editor.
    const words = typeof insert === "string" ? insert : "";
    if (words !== "") changes.push({ from: before, insert: words });
    if (removed > 0) changes.push({ from: before, to: before + removed });
    before += removed;
    after += words.length;
    if (words !== "" || removed > 0) end = after;
  }
  return { changes, end };
}
