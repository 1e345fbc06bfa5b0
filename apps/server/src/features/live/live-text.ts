import { hash } from "node:crypto";
import { textEdits } from "@satchel/merge";
import * as Y from "yjs";

/** The name of the text in the document; clients use the same. */
export const liveTextName = "text";

/** A document with the text of updates. */
export function openDocument(...updates: readonly Uint8Array[]): Y.Doc {
  const document = new Y.Doc();
  for (const update of updates) Y.applyUpdate(document, update);
  return document;
}

export function textOf(document: Y.Doc): string {
  return document.getText(liveTextName).toJSON();
}

/** All of a document, as an update. */
export function stateOf(document: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(document);
}

/** How much an update would make the text of a document longer, in UTF-16 units, what it deletes not taken off. @throws Error for what is no update */
export function addedLength(document: Y.Doc, update: Uint8Array): number {
  const known = Y.decodeStateVector(Y.encodeStateVector(document));
  let added = 0;
  for (const struct of Y.decodeUpdate(update).structs) {
    if (!(struct instanceof Y.Item) || !struct.countable) continue;
    const { client, clock } = struct.id;
    added += Math.max(0, clock + struct.length - Math.max(clock, known.get(client) ?? 0));
  }
  return added;
}

export interface Weave {
  /** What makes the new text of the old state; applied to any document that came of that state, it takes nothing away that was typed since. */
  readonly update: Uint8Array;
  /** A state whose text is the new text. */
  readonly state: Uint8Array;
}

/**
 * Turns a new text of the file into edits of the document, from the state that had the text that it was made from. The edits have an author that follows from `name` (such as the ids of both versions), so that found out
 * once more, after a crash, they are the same edits, and not there twice. [LV6]
 */
export function weave(state: Uint8Array, text: string, name: string): Weave {
  const document = openDocument(state);
  document.clientID = clientOf(name);
  const before = Y.encodeStateVector(document);
  document.transact(() => {
    const shared = document.getText(liveTextName);
    for (const { at, remove, insert } of textEdits(shared.toJSON(), text).toReversed()) {
      // What is put in goes before what is taken out, so that it stands where the old words were whatever becomes of them.
      if (insert !== "") shared.insert(at, insert);
      if (remove > 0) shared.delete(at + insert.length, remove);
    }
  });
  return { update: Y.encodeStateAsUpdate(document, before), state: stateOf(document) };
}

/** A document whose own edits come from `name`. */
export function newDocument(name: string): Y.Doc {
  const document = new Y.Doc();
  document.clientID = clientOf(name);
  return document;
}

/** A number that documents know an author by: 48 bits, where those that people's documents choose have 32. */
function clientOf(name: string): number {
  return Number.parseInt(hash("sha256", name, "hex").slice(0, 12), 16);
}
