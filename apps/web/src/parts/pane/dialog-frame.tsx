import type { ComponentProps, ReactNode } from "react";
import { Dialog } from "@base-ui/react/dialog";

interface DialogFrameProps extends Pick<ComponentProps<typeof Dialog.Popup>, "initialFocus"> {
  readonly title: string;
  /** A sentence below the title. */
  readonly lead?: string | undefined;
  /** A question that has to be answered: a click beside it is no answer. */
  readonly isQuestion?: boolean;
  /** Beside that of every dialog. */
  readonly className?: string | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What every dialog has: a dimmed page behind it, a title, and Esc as the way out. */
export function DialogFrame(props: DialogFrameProps): ReactNode {
  const { title, lead, isQuestion = false, className, onClose, children, ...popup } = props;
  return (
    <Dialog.Root
      open
      disablePointerDismissal={isQuestion}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup
          className={["dialog", className].filter(Boolean).join(" ")}
          role={isQuestion ? "alertdialog" : "dialog"}
          {...popup}
        >
          <Dialog.Title>{title}</Dialog.Title>
          {lead === undefined ? null : <Dialog.Description className="lead">{lead}</Dialog.Description>}
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface DialogActionsProps {
  /** What the button that only closes is called; left out where every answer counts. */
  readonly close?: string;
  /** Closing is all that is left to do. */
  readonly isDone?: boolean;
  readonly children?: ReactNode;
}

/** The buttons at a dialog's end. The one that does what the dialog is for comes last. */
export function DialogActions({ close, isDone = false, children }: DialogActionsProps): ReactNode {
  return (
    <div className="actions">
      {close === undefined ? null : (
        <Dialog.Close className={isDone ? "button primary" : "button"}>{close}</Dialog.Close>
      )}
      {children}
    </div>
  );
}
