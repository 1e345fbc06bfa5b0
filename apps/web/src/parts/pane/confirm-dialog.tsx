import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DialogActions, DialogFrame } from "./dialog-frame.tsx";

interface ConfirmDialogProps {
  readonly title: string;
  readonly lead: string;
  readonly submit: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks once more before something that can't be taken back. */
export function ConfirmDialog({ title, lead, submit, onConfirm, onClose }: ConfirmDialogProps): ReactNode {
  const { t } = useTranslation();
  const confirm = (): void => {
    onConfirm();
    onClose();
  };
  return (
    <DialogFrame title={title} lead={lead} onClose={onClose} isQuestion>
      <DialogActions close={t("action.cancel")}>
        <button type="button" className="button primary" onClick={confirm}>
          {submit}
        </button>
      </DialogActions>
    </DialogFrame>
  );
}
