import type { ReactNode } from "react";
import { Link } from "wouter";
import { useDevices } from "../../data/devices/use-devices.ts";
import { useDevicesWords } from "../../words/devices/use-devices-words.ts";
import { DeviceState } from "./device-state.tsx";
import styles from "./device-list.module.css";

/** More than these are on the devices page. */
const maxShown = 4;
/** How often it is asked who is there; what they do is told by itself. */
const refetchMs = 60_000;

/** Beside every page: the devices that are there, each with what it does. */
export function DeviceListPart(): ReactNode {
  const { t } = useDevicesWords();
  const { data } = useDevices(refetchMs);
  const shown = data?.devices.filter(({ activity, client_id: program }) => activity !== null && program === null) ?? [];
  if (shown.length === 0) return null;
  return (
    <ul className={styles.devices} aria-label={t("label")}>
      {shown.slice(0, maxShown).map((device) => (
        <li key={device.device_id}>
          <Link to="/settings/devices" className={styles.name}>
            {device.name}
          </Link>
          <DeviceState device={device} />
        </li>
      ))}
    </ul>
  );
}
