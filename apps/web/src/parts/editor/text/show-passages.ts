import { StateEffect, type Extension } from "@codemirror/state";
import { Decoration, ViewPlugin, type DecorationSet, type ViewUpdate } from "@codemirror/view";
import type * as Y from "yjs";
import { spanOf, type PassagePlaces } from "../../../data/comments/passage-places.ts";

/** The words that comments are about. */
export const setPassages = StateEffect.define<readonly PassagePlaces[]>();

const commented = Decoration.mark({ class: "cm-commented" });

/** Marks the words that comments are about, wherever they go. Follows the extension that binds the text. [CM10] */
export function showPassages(text: Y.Text): Extension {
  return ViewPlugin.define(() => new ShownPassages(text), { decorations: ({ decorations }) => decorations });
}

class ShownPassages {
  decorations: DecorationSet = Decoration.none;
  readonly #text: Y.Text;
  #passages: readonly PassagePlaces[] = [];

  constructor(text: Y.Text) {
    this.#text = text;
  }

  update({ docChanged, transactions }: ViewUpdate): void {
    const news = transactions.flatMap(({ effects }) => effects.filter((effect) => effect.is(setPassages)));
    this.#passages = news.at(-1)?.value ?? this.#passages;
    if (docChanged || news.length > 0) this.decorations = this.#marks();
  }

  #marks(): DecorationSet {
    const ranges = this.#passages.flatMap((places) => {
      const span = spanOf(this.#text, places);
      return span ? [commented.range(span.start, Math.min(span.end, this.#text.length))] : [];
    });
    return Decoration.set(ranges, true);
  }
}
