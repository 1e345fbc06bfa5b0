import type { ReactNode } from "react";
import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { encodeJoinCode } from "@satchel/api-client";
import { useApp } from "../../data/app-context.ts";
import { sha256Sync } from "../../data/uploads/sha256.ts";
import { formatInstant } from "../../words/format.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { CopyField } from "./copy-field.tsx";

interface AddDeviceDialogProps {
  readonly onClose: () => void;
}

const sha256 = (bytes: Uint8Array<ArrayBuffer>): Uint8Array => Uint8Array.fromHex(sha256Sync(bytes));

/** The command that brings another device in. Each opening of the dialog makes a code of its own. */
export function AddDeviceDialog({ onClose }: AddDeviceDialogProps): ReactNode {
  const { t, i18n } = useSettingsWords();
  const { api } = useApp();
  const code = useQuery({
    queryKey: ["join-code"],
    queryFn: ({ signal }) => api.createJoinCode({ signal }),
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title>{t("addDevice.title")}</Dialog.Title>
          <Dialog.Description className="lead">{t("addDevice.lead")}</Dialog.Description>
          <Loaded query={code}>
            {({ secret, expires }) => (
              <>
                <CopyField
                  label={t("addDevice.command")}
                  value={`satchel join ${encodeJoinCode({ serverUrl: location.origin, secret }, sha256)}`}
                />
                <p className="lead">{t("addDevice.until", { time: formatInstant(expires, i18n.language) })}</p>
              </>
            )}
          </Loaded>
          <div className="actions">
            <Dialog.Close className="button">{t("close")}</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
