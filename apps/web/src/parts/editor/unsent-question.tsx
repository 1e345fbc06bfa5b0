import type { ReactNode } from "react";
import { saveText } from "../../data/files/save-text.ts";
import { unsentTexts, type UnsentText } from "../../data/live/unsent-texts.ts";
import { useEditorWords } from "../../words/editor/use-editor-words.ts";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

/** Asks whether words that the server may not have are wanted, where their editor is gone. */
export function UnsentQuestion({ text: { name, words } }: { readonly text: UnsentText }): ReactNode {
  const { t } = useEditorWords();
  const save = (): void => {
    saveText(name, words);
    unsentTexts.next();
  };
  return (
    <DialogFrame title={t("unsent.title", { name })} lead={t("unsent.lead")} onClose={unsentTexts.next} isQuestion>
      <DialogActions close={t("unsent.close")}>
        <button type="button" className="button primary" onClick={save}>
          {t("download")}
        </button>
      </DialogActions>
    </DialogFrame>
  );
}
