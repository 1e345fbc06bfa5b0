import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { maxLiveBytes, type Span } from "@satchel/protocol";
import * as Y from "yjs";
import { languageOf } from "../../../data/preview/language-of.ts";
import type { PassagePlaces } from "../../../data/comments/passage-places.ts";
import type { Cursor, Person } from "../../../data/live/people.ts";
import type { SharedText } from "../../../data/live/shared-text.ts";
import { bindText, isFromShared, typedHere } from "./bind-text.ts";
import { colourCode } from "./colour-code.ts";
import { editorTheme } from "./editor-theme.ts";
import { setPassages, showPassages } from "./show-passages.ts";
import { setPeople, showPeople } from "./show-people.ts";

/** What an edit is larger by than its words, on its way to the server, at most. */
const editOverheadBytes = 256;
/** Keystrokes this close together are undone as one. */
const undoTogetherMs = 500;

export interface EditorParts {
  readonly shared: SharedText;
  /** Of the file: its extension says how it is coloured. */
  readonly name: string;
  /** What the text is called, for screen readers. */
  readonly label: string;
  /** What the panel that finds says, in the person's language. */
  readonly phrases: Readonly<Record<string, string>>;
  readonly onCursor: (cursor: Cursor | undefined) => void;
  /** Something was not taken in, because the text would be too long. */
  readonly onTooLong: () => void;
}

/** An editor in the page. */
export interface OpenEditor {
  setWritable(isWritable: boolean): void;
  setPeople(people: readonly Person[]): void;
  /** Marks what comments are about. */
  setPassages(passages: readonly PassagePlaces[]): void;
  /** What is selected; undefined while it is nothing. */
  selected(): Span | undefined;
  /** Selects words, and brings them into view. */
  show(span: Span): void;
  undo(): void;
  redo(): void;
  find(): void;
  focus(): void;
  close(): void;
}

/** Opens an editor in a shadow root: there CodeMirror's styles are constructed sheets, which the page's policy has nothing against, where in the page they would be inline styles. */
export function openEditor(root: ShadowRoot, parts: EditorParts): OpenEditor {
  const { text } = parts.shared;
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([typedHere]), captureTimeout: undoTogetherMs });
  const writable = new Compartment();
  const state = EditorState.create({
    doc: text.toJSON(),
    extensions: [writable.of(writableIf(false)), extensionsOf(parts, undo)],
  });
  const view = new EditorView({ state, root, parent: root });
  const back = (): boolean => takeBack(view, () => undo.undo());
  const again = (): boolean => takeBack(view, () => undo.redo());
  return {
    setWritable: (isWritable) => view.dispatch({ effects: writable.reconfigure(writableIf(isWritable)) }),
    setPeople: (people) => view.dispatch({ effects: setPeople.of(people) }),
    setPassages: (passages) => view.dispatch({ effects: setPassages.of(passages) }),
    selected: () => {
      const { from, to } = view.state.selection.main;
      return from < to ? { start: from, end: to } : undefined;
    },
    show: ({ start, end }) => {
      view.dispatch({ selection: { anchor: start, head: end }, scrollIntoView: true });
      view.focus();
    },
    undo: back,
    redo: again,
    find: () => openSearchPanel(view),
    focus: () => view.focus(),
    close: () => {
      view.destroy();
      undo.destroy();
    },
  };
}

/** Who may only read can go through the text with the keyboard all the same. */
function writableIf(isWritable: boolean): Extension {
  return [EditorState.readOnly.of(!isWritable), EditorView.editable.of(isWritable)];
}

function extensionsOf(parts: EditorParts, undo: Y.UndoManager): Extension {
  const { shared, name, label, phrases, onCursor, onTooLong } = parts;
  const language = languageOf(name);
  const isProse = language === undefined || language === "markdown";
  const run = (work: () => unknown) => (view: EditorView) => takeBack(view, work);
  const [back, again] = [run(() => undo.undo()), run(() => undo.redo())];
  return [
    // Places in the text are those of the shared text: what another client may have put in beside line feeds is a character like any other.
    EditorState.lineSeparator.of("\n"),
    EditorView.clipboardInputFilter.of((pasted) => pasted.replaceAll(/\r\n?/g, "\n")),
    bindText(shared.text, undo),
    showPassages(shared.text),
    showPeople(shared.text, onCursor),
    keymap.of([
      { key: "Mod-z", run: back, preventDefault: true },
      { key: "Mod-y", mac: "Mod-Shift-z", run: again, preventDefault: true },
      { key: "Mod-Shift-z", run: again, preventDefault: true },
      // It is saved by itself; the browser's dialog would only be in the way.
      { key: "Mod-s", run: () => true },
      indentWithTab,
      ...searchKeymap,
      ...defaultKeymap,
    ]),
    // Menus and phones undo by themselves, in what they know of the page.
    EditorView.domEventHandlers({
      beforeinput: ({ inputType }, view) => {
        if (inputType === "historyUndo") return back(view);
        return inputType === "historyRedo" && again(view);
      },
    }),
    bounded(onTooLong),
    lineNumbers(),
    highlightSpecialChars(),
    search({ top: true }),
    EditorState.phrases.of(phrases),
    EditorState.tabSize.of(4),
    EditorView.lineWrapping,
    EditorView.perLineTextDirection.of(true),
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: String(isProse), tabindex: "0" }),
    editorTheme,
    language && language !== "markdown" ? colourCode(language) : [],
  ];
}

/** Its own edits only, and none while the text is read-only. */
function takeBack({ state }: EditorView, work: () => unknown): boolean {
  if (!state.readOnly) work();
  return true;
}

/** Takes in no more than the server does, which would end the session for it. [LV2] */
function bounded(onTooLong: () => void): Extension {
  return EditorState.transactionFilter.of((transaction) => {
    if (!transaction.docChanged || isFromShared(transaction)) return transaction;
    let added = 0;
    transaction.changes.iterChanges((_from, _to, _at, _end, inserted) => {
      if (inserted.length > 0) added += new TextEncoder().encode(inserted.toString()).length;
    });
    if (added === 0 || transaction.startState.doc.length + added + editOverheadBytes <= maxLiveBytes)
      return transaction;
    onTooLong();
    return [];
  });
}
