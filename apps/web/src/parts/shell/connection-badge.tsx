import { useCallback, useSyncExternalStore, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../data/app-context.ts";
import styles from "./connection-badge.module.css";

/** Whether what is shown follows what happens elsewhere. */
export function ConnectionBadge(): ReactNode {
  const { t } = useTranslation();
  const { workspace } = useApp();
  const watch = useCallback((onChange: () => void) => workspace.watchConnection(onChange), [workspace]);
  const connection = useSyncExternalStore(watch, () => workspace.connection());
  return (
    <span className={styles.badge} data-live={connection !== "disconnected"} role="status">
      {t(`connection.${connection}`)}
    </span>
  );
}
