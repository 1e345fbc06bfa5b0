import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Clash, ClashAnswer } from "../../data/uploads/plan-uploads.ts";
import { formatBytes, formatInstant } from "../../words/format.ts";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

interface ClashDialogProps {
  readonly clash: Clash;
  readonly onAnswer: (answer: ClashAnswer, forAll: boolean) => void;
}

/** A name is taken: nothing is replaced unless the person says so. */
export function ClashDialog({ clash, onAnswer }: ClashDialogProps): ReactNode {
  const { t, i18n } = useTranslation();
  const [forAll, setForAll] = useState(false);
  const { existing } = clash;
  const facts = [
    existing.type === "file" ? formatBytes(existing.size, i18n.language) : t("files.folder"),
    existing.modified === null ? undefined : formatInstant(existing.modified, i18n.language),
  ];
  return (
    <DialogFrame
      title={t("clash.title", { name: clash.name })}
      lead={t("clash.lead")}
      isQuestion
      onClose={() => onAnswer("skip", forAll)}
    >
      <p>
        {t("clash.existing")}: {facts.filter((fact) => fact !== undefined).join(" · ")}
      </p>
      <label>
        <input type="checkbox" checked={forAll} onChange={(event) => setForAll(event.target.checked)} />{" "}
        {t("clash.forAll")}
      </label>
      <DialogActions>
        <button type="button" className="button" onClick={() => onAnswer("skip", forAll)}>
          {t("clash.skip")}
        </button>
        <button type="button" className="button" onClick={() => onAnswer("keep_both", forAll)}>
          {t("clash.keepBoth")}
        </button>
        {existing.type === "file" ? (
          <button type="button" className="button primary" onClick={() => onAnswer("replace", forAll)}>
            {t("clash.replace")}
          </button>
        ) : null}
      </DialogActions>
    </DialogFrame>
  );
}
