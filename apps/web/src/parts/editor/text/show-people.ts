import { StateEffect, type Extension, type Range } from "@codemirror/state";
import {
  Decoration,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from "@codemirror/view";
import * as Y from "yjs";
import type { Cursor, Person } from "../../../data/live/people.ts";
import { personColour } from "./person-colours.ts";

/** Who is there now. */
export const setPeople = StateEffect.define<readonly Person[]>();

type TellCursor = (cursor: Cursor | undefined) => void;

/** Shows where others are, and tells where this editor's person is: both as relative positions, which stay with the words that they are at, whatever comes in before them. Follows the extension that binds the text. */
export function showPeople(text: Y.Text, onCursor: TellCursor): Extension {
  return ViewPlugin.define((view) => new ShownPeople(view, text, onCursor), {
    decorations: ({ decorations }) => decorations,
  });
}

class ShownPeople {
  decorations: DecorationSet = Decoration.none;
  readonly #text: Y.Text;
  readonly #onCursor: TellCursor;
  #people: readonly Person[] = [];
  #told = "";

  constructor(view: EditorView, text: Y.Text, onCursor: TellCursor) {
    this.#text = text;
    this.#onCursor = onCursor;
    this.#tell(view);
  }

  update({ view, docChanged, selectionSet, focusChanged, transactions }: ViewUpdate): void {
    const news = transactions.flatMap(({ effects }) => effects.filter((effect) => effect.is(setPeople)));
    this.#people = news.at(-1)?.value ?? this.#people;
    if (docChanged || news.length > 0) this.decorations = decorationsOf(this.#text, this.#people);
    if (docChanged || selectionSet || focusChanged) this.#tell(view);
  }

  #tell(view: EditorView): void {
    const cursor = cursorOf(this.#text, view);
    const said = JSON.stringify(cursor ?? null);
    if (said === this.#told) return;
    this.#told = said;
    this.#onCursor(cursor);
  }
}

/** Undefined while it is another part of the page that is typed into. */
function cursorOf(text: Y.Text, view: EditorView): Cursor | undefined {
  if (!view.hasFocus) return undefined;
  const { anchor, head } = view.state.selection.main;
  const at = (place: number): unknown =>
    Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, Math.min(place, text.length)));
  return { anchor: at(anchor), head: at(head) };
}

function decorationsOf(text: Y.Text, people: readonly Person[]): DecorationSet {
  const ranges = people.flatMap(({ cursor, colour, name }): Range<Decoration>[] => {
    const head = cursor && placeOf(text, cursor.head);
    const anchor = cursor && placeOf(text, cursor.anchor);
    if (head === undefined || anchor === undefined) return [];
    const caret = Decoration.widget({
      widget: new Caret({ name, colour, place: head }),
      side: head < anchor ? 1 : -1,
    }).range(head);
    if (head === anchor) return [caret];
    const selected = Decoration.mark({ class: `cm-person-selection cm-person-${colour}` });
    return [selected.range(Math.min(anchor, head), Math.max(anchor, head)), caret];
  });
  return Decoration.set(ranges, true);
}

/** Undefined for what is no place in this text, whoever said so. */
function placeOf(text: Y.Text, said: unknown): number | undefined {
  if (!text.doc) return undefined;
  try {
    const position = Y.createRelativePositionFromJSON(said);
    const place = Y.createAbsolutePositionFromRelativePosition(position, text.doc);
    return place?.type === text ? Math.min(place.index, text.length) : undefined;
  } catch {
    return undefined;
  }
}

interface CaretOf {
  readonly name: string;
  readonly colour: number;
  readonly place: number;
}

/** Where somebody would type, and whose place it is. Screen readers are told who is there by the list of people. */
class Caret extends WidgetType {
  readonly #of: CaretOf;

  constructor(of: CaretOf) {
    super();
    this.#of = of;
  }

  /** One that moved is another one: it says anew whose it is. */
  override eq(other: Caret): boolean {
    const { name, colour, place } = this.#of;
    return other.#of.name === name && other.#of.colour === colour && other.#of.place === place;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement("span");
    caret.className = "cm-person-caret";
    caret.ariaHidden = "true";
    caret.style.setProperty("--person", personColour(this.#of.colour));
    const label = document.createElement("span");
    label.className = "cm-person-name";
    label.textContent = this.#of.name;
    caret.append("\u2060", label, "\u2060");
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}
