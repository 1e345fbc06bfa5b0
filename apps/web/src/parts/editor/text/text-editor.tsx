import { useEffect, useRef, type ReactNode } from "react";
// In the page for the colours' names, which reach into the shadow root; in there for the classes.
import "../../preview/stages/highlight.css";
import highlightCss from "../../preview/stages/highlight.css?inline";
import type { Cursor, Person } from "../../../data/live/people.ts";
import type { SharedText } from "../../../data/live/shared-text.ts";
import { useEditorWords } from "../../../words/editor/use-editor-words.ts";
import { openEditor, type OpenEditor } from "./open-editor.ts";
import { searchPhrases } from "./search-phrases.ts";
import styles from "../editor.module.css";

interface TextEditorProps {
  /** Another one begins another editor. */
  readonly shared: SharedText;
  readonly name: string;
  readonly isWritable: boolean;
  readonly people: readonly Person[];
  readonly onCursor: (cursor: Cursor | undefined) => void;
  readonly onTooLong: () => void;
  /** Told when the editor is there, and with undefined when it is gone. */
  readonly onOpen: (editor: OpenEditor | undefined) => void;
}

/** The text itself. */
export function TextEditor(props: TextEditorProps): ReactNode {
  const { shared, name, isWritable, people, onCursor, onTooLong, onOpen } = props;
  const { t } = useEditorWords();
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<OpenEditor>(undefined);
  // What it is called when it is opened: a file that is renamed meanwhile keeps its editor.
  const opening = useRef({ name, t });
  opening.current = { name, t };
  useEffect(() => {
    const host = place.current;
    if (!host) return undefined;
    const { name: fileName, t: words } = opening.current;
    const opened = openEditor(shadowOf(host), {
      shared,
      name: fileName,
      label: words("text", { name: fileName }),
      phrases: searchPhrases(words),
      onCursor,
      onTooLong,
    });
    editor.current = opened;
    onOpen(opened);
    opened.focus();
    return () => {
      editor.current = undefined;
      onOpen(undefined);
      opened.close();
    };
  }, [shared, onCursor, onTooLong, onOpen]);
  useEffect(() => editor.current?.setWritable(isWritable), [shared, isWritable]);
  useEffect(() => editor.current?.setPeople(people), [shared, people]);
  return <div className={styles.text} ref={place} />;
}

function shadowOf(host: HTMLElement): ShadowRoot {
  if (host.shadowRoot) return host.shadowRoot;
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(highlightCss);
  root.adoptedStyleSheets = [sheet];
  return root;
}
