import type { ReactNode } from "react";
import { Download } from "lucide-react";
import type { LiveTextState } from "../../data/live/live-text.ts";
import { useEditorWords } from "../../words/editor/use-editor-words.ts";
import styles from "./editor.module.css";

interface EditNoteProps {
  readonly state: LiveTextState;
  /** Something was not put in just now. */
  readonly isTooLong: boolean;
  readonly onDownload: () => void;
}

/** A line above the text, while there is something to know. */
export function EditNote({ state, isTooLong, onDownload }: EditNoteProps): ReactNode {
  const { t } = useEditorWords();
  const note = noteOf(state, isTooLong);
  if (note === undefined) return null;
  return (
    <div className={styles.note} role="status">
      <p>{t(`note.${note}`)}</p>
      {note === "notTaken" ? (
        <button type="button" className="button" onClick={onDownload}>
          <Download size={17} aria-hidden />
          {t("download")}
        </button>
      ) : null}
    </div>
  );
}

function noteOf(
  { shared, isConnected, canWrite, isKept }: LiveTextState,
  isTooLong: boolean,
): "tooLong" | "offline" | "notTaken" | "readOnly" | undefined {
  if (isTooLong) return "tooLong";
  if (!shared) return undefined;
  if (!isConnected) return "offline";
  if (canWrite) return undefined;
  return isKept ? "readOnly" : "notTaken";
}
