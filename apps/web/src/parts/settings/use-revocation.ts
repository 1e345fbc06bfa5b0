import { useState } from "react";
import { Toast } from "@base-ui/react/toast";
import { useQueryClient } from "@tanstack/react-query";
import type { DeviceId } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";

/** Ends a device's login, and says so. */
export function useRevocation(device: { readonly device_id: DeviceId }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const { add } = Toast.useToastManager();
  const [isRevoking, setIsRevoking] = useState(false);
  const revoke = (words: string): void => {
    setIsRevoking(true);
    const work = async (): Promise<void> => {
      await api.revokeDevice(device.device_id);
      add({ title: words });
      await queries.invalidateQueries({ queryKey: ["devices"] });
    };
    work()
      .catch((error: unknown) => reportError(error))
      .finally(() => setIsRevoking(false));
  };
  return { revoke, isRevoking };
}
