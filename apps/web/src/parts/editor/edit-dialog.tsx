import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { Dialog } from "@base-ui/react/dialog";
import type { Entry } from "../../data/files/entry.ts";
import { saveText } from "../../data/files/save-text.ts";
import { useTellOpen } from "../../data/presence/use-present.ts";
import { useEntry } from "../../data/live/use-entry.ts";
import { useLiveText } from "../../data/live/use-live-text.ts";
import { useUnsent } from "../../data/live/use-unsent.ts";
import type { Cursor } from "../../data/live/people.ts";
import { isBeingKept, type LiveTextState } from "../../data/live/live-text.ts";
import { useEditorWords } from "../../words/editor/use-editor-words.ts";
import { ConfirmDialog } from "../pane/confirm-dialog.tsx";
import { Waiting } from "../preview/waiting.tsx";
import { EditBar } from "./edit-bar.tsx";
import { EditNote } from "./edit-note.tsx";
import { EndedNote } from "./ended-note.tsx";
import { useCommentsBeside } from "./comments-beside.tsx";
import { TextEditor } from "./text/text-editor.tsx";
import type { OpenEditor } from "./text/open-editor.ts";
import styles from "./editor.module.css";

interface EditDialogProps {
  readonly entry: Entry;
  /** Whether it is still in the folder that it was opened in. */
  readonly isHere: boolean;
  readonly onClose: () => void;
}

/** How long it is said that something was too long, in milliseconds. */
const tooLongMs = 10_000;

/** A text, as large as the window, to be edited together with whoever else has it open. */
export function EditDialog({ entry: opened, isHere, onClose }: EditDialogProps): ReactNode {
  const entry = useEntry(opened);
  const { live, state } = useLiveText(opened.id);
  useTellOpen(opened.id, "live");
  const [editor, setEditor] = useState<OpenEditor>();
  const [isTooLong, sayTooLong] = useTold(tooLongMs);
  const comments = useCommentsBeside(opened.id, { editor, shared: state.shared });
  const leaving = useLeaving(state, onClose);
  const giveUp = useUnsent(live, entry.name);
  useEffect(fetchQuestion, []);
  const frame = useRef<HTMLDivElement>(null);
  const onCursor = useCallback((cursor: Cursor | undefined) => live?.point(cursor), [live]);
  const isWritable = state.canWrite && state.ended === undefined;
  const download = (): void => saveText(entry.name, state.shared?.words ?? "");

  /** Esc first leaves the text, where Tab is a key like any other; from there the keyboard gets to everything, and Esc closes. */
  const onOpenChange = (isOpen: boolean, { reason, event }: Dialog.Root.ChangeEventDetails): void => {
    if (isOpen) return;
    if (reason === "escape-key" && event.defaultPrevented) return;
    if (reason === "escape-key" && document.activeElement?.shadowRoot) frame.current?.focus();
    else leaving.leave();
  };
  return (
    <Dialog.Root open onOpenChange={onOpenChange} disablePointerDismissal>
      <Dialog.Portal>
        <Dialog.Popup className={styles.editor} ref={frame} initialFocus={frame} tabIndex={-1}>
          <EditBar
            entry={entry}
            isHere={isHere}
            state={state}
            editor={isWritable ? editor : undefined}
            onFind={editor?.find}
            onComments={comments.toggle}
          />
          {state.ended === undefined ? (
            <EditNote state={state} isTooLong={isTooLong} onDownload={download} />
          ) : (
            <EndedNote reason={state.ended} onDownload={state.shared && download} isKept={state.isKept} />
          )}
          <div className={styles.body}>
            {state.shared ? (
              <TextEditor
                shared={state.shared}
                name={entry.name}
                isWritable={isWritable}
                people={state.people}
                onCursor={onCursor}
                onTooLong={sayTooLong}
                onOpen={setEditor}
              />
            ) : (
              <div className={styles.text}>{state.ended === undefined ? <Waiting /> : null}</div>
            )}
            {comments.panel}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
      {leaving.isAsking ? (
        <LeaveQuestion
          onLeave={() => {
            giveUp();
            onClose();
          }}
          onStay={leaving.stay}
        />
      ) : null}
    </Dialog.Root>
  );
}

function LeaveQuestion({ onLeave, onStay }: Record<"onLeave" | "onStay", () => void>): ReactNode {
  const { t } = useEditorWords();
  return (
    <ConfirmDialog
      title={t("leave.title")}
      lead={t("leave.lead")}
      submit={t("leave.submit")}
      onConfirm={onLeave}
      onClose={onStay}
    />
  );
}

/** What is asked when the editor is taken away, perhaps with the connection. */
function fetchQuestion(): void {
  import("./unsent-question.tsx").catch(() => undefined);
}

/** True for a while after it was told. */
function useTold(forMs: number): readonly [boolean, () => void] {
  const [toldAt, setToldAt] = useState<number>();
  useEffect(() => {
    if (toldAt === undefined) return undefined;
    const timer = setTimeout(() => setToldAt(undefined), forMs);
    return () => clearTimeout(timer);
  }, [toldAt, forMs]);
  return [toldAt !== undefined, useCallback(() => setToldAt(performance.now()), [])];
}

interface Leaving {
  /** Whether the person is asked what to do about words that the server doesn't have. */
  readonly isAsking: boolean;
  readonly leave: () => void;
  readonly stay: () => void;
}

/** Closing waits for the server to have everything; where it won't, the person is asked. */
function useLeaving(state: LiveTextState, onClose: () => void): Leaving {
  const { isKept } = state;
  const [isLeaving, setLeaving] = useState(false);
  useEffect(() => {
    if (isLeaving && isKept) onClose();
  }, [isLeaving, isKept, onClose]);
  useEffect(() => {
    if (isKept) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isKept]);
  return {
    isAsking: isLeaving && !isKept && !isBeingKept(state),
    leave: useCallback(() => setLeaving(true), []),
    stay: useCallback(() => setLeaving(false), []),
  };
}
