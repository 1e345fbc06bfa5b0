import type { ReactNode } from "react";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { JoinCommand } from "./join-command.tsx";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

interface AddDeviceDialogProps {
  readonly onClose: () => void;
}

/** Shows how another device comes in. */
export function AddDeviceDialog({ onClose }: AddDeviceDialogProps): ReactNode {
  const { t } = useSettingsWords();
  return (
    <DialogFrame title={t("addDevice.title")} lead={t("addDevice.lead")} onClose={onClose}>
      <JoinCommand />
      <DialogActions close={t("close")} />
    </DialogFrame>
  );
}
