import type { ReactNode } from "react";
import type { DeviceList } from "@satchel/api-client";
import { formatBytes } from "../../words/format.ts";
import { useDevicesWords } from "../../words/devices/use-devices-words.ts";
import styles from "./device-state.module.css";

type Device = DeviceList["devices"][number];

/** What a device does now, in a word and a colour, and how much is left to do. Nothing for one that doesn't say. */
export function DeviceState({ device }: { readonly device: Device }): ReactNode {
  const { t, i18n } = useDevicesWords();
  const { activity, connected } = device;
  if (!activity && connected) return null;
  const state = activity?.state ?? "offline";
  const count = activity ? activity.uploads + activity.downloads : 0;
  return (
    <span className={styles.state} data-state={state}>
      {t(`state.${state}`)}
      {activity && count > 0 && state !== "synced" ? (
        <span className={styles.pending}>
          {t("pending", { count, size: formatBytes(activity.bytes, i18n.language) })}
        </span>
      ) : null}
    </span>
  );
}
