import type { ReactNode } from "react";
import { Dialog } from "@base-ui/react/dialog";
import { useTranslation } from "react-i18next";

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
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog" role="alertdialog">
          <Dialog.Title>{title}</Dialog.Title>
          <Dialog.Description className="lead">{lead}</Dialog.Description>
          <div className="actions">
            <Dialog.Close className="button">{t("action.cancel")}</Dialog.Close>
            <button type="button" className="button primary" onClick={confirm}>
              {submit}
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
