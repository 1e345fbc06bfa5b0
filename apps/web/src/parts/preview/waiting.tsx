import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import styles from "./waiting.module.css";

/** What is shown until there is something. */
export function Waiting(): ReactNode {
  const { t } = useTranslation();
  return (
    <p className={styles.waiting} role="status">
      <span className={styles.wheel} aria-hidden />
      {t("app.loading")}
    </p>
  );
}
