import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LiveTextState } from "../../data/live/live-text.ts";
import { useEditorWords } from "../../words/editor/use-editor-words.ts";
import { problemWords } from "../../words/words.ts";
import styles from "./editor.module.css";

/** How it stands with a text, in a word. */
type EditStatusKind = "opening" | "saved" | "saving" | "offline" | "readOnly" | "ended" | "notSaved";

function statusOf(state: LiveTextState): EditStatusKind {
  const { ended, shared, isConnected, canWrite, isKept, isSaved, problem } = state;
  if (ended !== undefined) return "ended";
  if (!isConnected) return shared ? "offline" : "opening";
  if (!canWrite) return "readOnly";
  if (isKept && isSaved) return "saved";
  return problem === null ? "saving" : "notSaved";
}

/** Says it to screen readers as well, when it changes. */
export function EditStatus({ state }: { readonly state: LiveTextState }): ReactNode {
  const { t } = useEditorWords();
  const { t: appWords } = useTranslation();
  const kind = statusOf(state);
  const words =
    kind === "opening"
      ? t("opening")
      : t(`status.${kind}`, { reason: state.problem === null ? "" : problemWords(appWords, state.problem) });
  return (
    <span role="status" className={styles.status} data-status={kind}>
      {words}
    </span>
  );
}
