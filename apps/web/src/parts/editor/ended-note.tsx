import type { ReactNode } from "react";
import { Download } from "lucide-react";
import type { LiveTextEnd } from "../../data/live/live-text.ts";
import { useEditorWords } from "../../words/editor/use-editor-words.ts";
import styles from "./editor.module.css";

interface EndedNoteProps {
  readonly reason: LiveTextEnd;
  /** Undefined where no text was ever there. */
  readonly onDownload: (() => void) | undefined;
  /** Whether the server had all of it. */
  readonly isKept: boolean;
}

/** Why a text can't be edited any more, and what becomes of what was typed. */
export function EndedNote({ reason, onDownload, isKept }: EndedNoteProps): ReactNode {
  const { t } = useEditorWords();
  return (
    <div className={styles.ended} role="alert">
      <h3>{t(`ended.${reason}.title`)}</h3>
      <p>{t(`ended.${reason}.lead`)}</p>
      {isKept ? null : <p>{t("ended.unsent")}</p>}
      {onDownload ? (
        <button type="button" className={isKept ? "button" : "button primary"} onClick={onDownload}>
          <Download size={17} aria-hidden />
          {t("download")}
        </button>
      ) : null}
    </div>
  );
}
