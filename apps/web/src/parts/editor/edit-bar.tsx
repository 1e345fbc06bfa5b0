import type { ReactNode } from "react";
import { Dialog } from "@base-ui/react/dialog";
import { Redo2, Search, Undo2, X } from "lucide-react";
import type { Entry } from "../../data/files/entry.ts";
import type { LiveTextState } from "../../data/live/live-text.ts";
import { useEditorWords } from "../../words/editor/use-editor-words.ts";
import { EntryIcon } from "../file-list/entry-icon.tsx";
import { CommentsButton } from "../comments/comments-button.tsx";
import { BarButton } from "../pane/bar-button.tsx";
import { EditStatus } from "./edit-status.tsx";
import { PeopleHere } from "./people-here.tsx";
import type { OpenEditor } from "./text/open-editor.ts";
import styles from "./editor.module.css";

interface EditBarProps {
  readonly entry: Entry;
  readonly isHere: boolean;
  readonly state: LiveTextState;
  /** Undefined while nothing can be typed. */
  readonly editor: OpenEditor | undefined;
  readonly onFind: (() => void) | undefined;
  readonly onComments: () => void;
}

/** What is edited, who else is there, and how it stands. */
export function EditBar({ entry, isHere, state, editor, onFind, onComments }: EditBarProps): ReactNode {
  const { t } = useEditorWords();
  return (
    <header className={styles.bar}>
      <EntryIcon entry={entry} size={24} />
      <div className={styles.what}>
        <Dialog.Title className={styles.name}>
          <bdi>{entry.name}</bdi>
        </Dialog.Title>
        <p>
          <EditStatus state={state} />
          {isHere || state.ended !== undefined ? null : ` · ${t("moved")}`}
        </p>
      </div>
      <PeopleHere people={state.people} />
      <div className={styles.actions}>
        {editor ? (
          <>
            <BarButton words={t("undo")} onClick={editor.undo}>
              <Undo2 size={19} aria-hidden />
            </BarButton>
            <BarButton words={t("redo")} onClick={editor.redo}>
              <Redo2 size={19} aria-hidden />
            </BarButton>
          </>
        ) : null}
        {onFind ? (
          <BarButton words={t("find")} onClick={onFind}>
            <Search size={19} aria-hidden />
          </BarButton>
        ) : null}
        <CommentsButton fileId={entry.id} onClick={onComments} />
        <Dialog.Close className="button quiet icon" aria-label={t("close")} title={t("hint")}>
          <X size={20} aria-hidden />
        </Dialog.Close>
      </div>
    </header>
  );
}
