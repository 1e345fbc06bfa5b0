import { mergeTexts, textEdits, type Piece } from "@satchel/merge";
import * as Y from "yjs";

/** The name of the text in the document; the server uses the same. */
const textName = "text";

/** What the document is changed with when the change came from the server. */
const fromServer = Symbol("from the server");

/** The document of one live session, as this page has it. */
export class SharedText {
  readonly document = new Y.Doc();
  readonly text: Y.Text = this.document.getText(textName);
  /** Of the server's document; undefined until it said so. */
  session: string | undefined;
  /** Whether all that the server had was here once. */
  isLoaded = false;
  /** The text before the first of the edits that the server may not have; undefined when it has all. */
  #base: string | undefined;
  #before = "";

  /** `onEdit`: something was typed here, or taken back. */
  constructor(onEdit: (update: Uint8Array) => void) {
    this.document.on("beforeTransaction", ({ origin }: Y.Transaction) => {
      if (origin !== fromServer && this.isKept) this.#before = this.words;
    });
    this.document.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === fromServer) return;
      this.#base ??= this.#before;
      onEdit(update);
    });
  }

  get words(): string {
    return this.text.toJSON();
  }

  /** Whether the server has all that was typed here. */
  get isKept(): boolean {
    return this.#base === undefined;
  }

  setKept(): void {
    this.#base = undefined;
  }

  /** @throws Error for what is no update */
  take(update: Uint8Array): void {
    Y.applyUpdate(this.document, update, fromServer);
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.document);
  }

  /** What is here and not in the document that has this state. */
  missingIn(stateVector: Uint8Array): Uint8Array {
    return Y.encodeStateAsUpdate(this.document, stateVector);
  }

  /** Whether words came in here, whoever typed them, that the document that has this state never had. */
  hasMoreThan(stateVector: Uint8Array): boolean {
    const theirs = Y.decodeStateVector(stateVector);
    return [...Y.decodeStateVector(this.stateVector())].some(([client, clock]) => clock > (theirs.get(client) ?? 0));
  }

  /** Carries over what was typed into another document, which can't be merged with this one, and which the server may not have: by text. [LV11] */
  carryOver(from: SharedText): void {
    if (from.#base === undefined) return;
    const theirs = this.words;
    const merged = mergeAll({ base: from.#base, mine: from.words, theirs });
    this.document.transact(() => {
      for (const { at, remove, insert } of textEdits(theirs, merged).toReversed()) {
        if (insert !== "") this.text.insert(at, insert);
        if (remove > 0) this.text.delete(at + insert.length, remove);
      }
    });
  }
}

/** Where both changed the same words, both are kept: people see that, and nothing is lost. */
function mergeAll(versions: { readonly base: string; readonly mine: string; readonly theirs: string }): string {
  const merge = mergeTexts("prose", versions);
  return merge.outcome === "merged" ? merge.text : merge.pieces.map(bothOf).join("");
}

function bothOf(piece: Piece): string {
  return "text" in piece ? piece.text : piece.theirs + piece.mine;
}
