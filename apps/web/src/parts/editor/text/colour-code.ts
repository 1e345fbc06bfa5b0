import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from "@codemirror/view";
import type { CodeLanguage } from "../../../data/preview/language-of.ts";
import type { CodeSpan } from "../../preview/stages/code-tree.ts";

/** Longer texts stay in one colour: finding the colours would be felt. */
const maxColouredLength = 100_000;
/** Colours are found once typing rests for this long; until then they move along with their words. */
const restMs = 250;

type FindSpans = (text: string, language: CodeLanguage) => readonly CodeSpan[];

const setColours = StateEffect.define<DecorationSet>();

const colours = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, { changes, effects }) {
    const found = effects.findLast((effect) => effect.is(setColours));
    return found ? found.value : shown.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The colours of a language, by the grammars that the preview has too: they are loaded with the first text that has one. */
export function colourCode(language: CodeLanguage): Extension {
  return [colours, ViewPlugin.define((view) => new Colouring(view, language))];
}

class Colouring {
  readonly #view: EditorView;
  readonly #language: CodeLanguage;
  #find: FindSpans | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(view: EditorView, language: CodeLanguage) {
    this.#view = view;
    this.#language = language;
    import("../../preview/stages/code-tree.ts")
      .then(({ codeSpans }) => {
        this.#find = codeSpans;
        this.#later(0);
      })
      .catch((error: unknown) => reportError(error));
  }

  update({ docChanged }: ViewUpdate): void {
    if (docChanged) this.#later(restMs);
  }

  destroy(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #later(delayMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#isOver) this.#timer = setTimeout(() => this.#colour(), delayMs);
  }

  #colour(): void {
    const { doc } = this.#view.state;
    if (!this.#find || doc.length > maxColouredLength) return;
    const spans = this.#find(doc.toString(), this.#language);
    const marks = spans.map(({ from, to, className }) => Decoration.mark({ class: className }).range(from, to));
    this.#view.dispatch({ effects: setColours.of(Decoration.set(marks, true)) });
  }
}
