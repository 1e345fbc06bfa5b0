import type { ReactNode } from "react";
import { CloudUpload } from "lucide-react";
import type { Arriving } from "../../data/devices/device-reports.ts";
import { useApp } from "../../data/app-context.ts";
import { useDevicesWords } from "../../words/devices/use-devices-words.ts";
import styles from "./arriving-note.module.css";

/** Of the files of a device, so many are named. */
const maxNamed = 3;

/** Over a folder's list: what devices bring into it now. */
export function ArrivingNote({ arriving }: { readonly arriving: readonly Arriving[] }): ReactNode {
  return (
    <div className={styles.note} role="status">
      {arriving.map((one) => (
        <ArrivingLine key={one.deviceId} {...one} />
      ))}
    </div>
  );
}

function ArrivingLine({ device: name, user, names }: Arriving): ReactNode {
  const { t } = useDevicesWords();
  const app = useApp();
  const device = user === app.user ? name : t("deviceOf", { device: name, user });
  const named = names.slice(0, maxNamed).join(", ");
  const count = names.length - maxNamed;
  return (
    <p>
      <CloudUpload size={18} aria-hidden />
      <span>
        {count > 0 ? t("arrivingMore", { device, names: named, count }) : t("arriving", { device, names: named })}
      </span>
    </p>
  );
}
