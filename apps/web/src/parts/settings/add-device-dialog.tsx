import type { ReactNode } from "react";
import { Dialog } from "@base-ui/react/dialog";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { JoinCommand } from "./join-command.tsx";

interface AddDeviceDialogProps {
  readonly onClose: () => void;
}

/** Shows how another device comes in. */
export function AddDeviceDialog({ onClose }: AddDeviceDialogProps): ReactNode {
  const { t } = useSettingsWords();
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title>{t("addDevice.title")}</Dialog.Title>
          <Dialog.Description className="lead">{t("addDevice.lead")}</Dialog.Description>
          <JoinCommand />
          <div className="actions">
            <Dialog.Close className="button">{t("close")}</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
