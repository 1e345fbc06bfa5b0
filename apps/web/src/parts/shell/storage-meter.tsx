import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useApp } from "../../data/app-context.ts";
import { useKeptTrue } from "../../data/use-kept-true.ts";
import { formatBytes } from "../../words/format.ts";
import styles from "./storage-meter.module.css";

/** Changes come in bursts; what is used is asked for when one is over. */
const settleMs = 1500;

/** How much of the storage is used. */
export function StorageMeter(): ReactNode {
  const { t, i18n } = useTranslation();
  const { api } = useApp();
  const { data } = useQuery({ queryKey: ["account"], queryFn: ({ signal }) => api.account({ signal }) });
  useKeptTrue("account", settleMs);

  if (!data) return null;
  const used = formatBytes(data.used_bytes, i18n.language);
  if (data.quota_bytes === null) return <p className={styles.meter}>{t("nav.used", { used })}</p>;
  const words = t("nav.usedOf", { used, quota: formatBytes(data.quota_bytes, i18n.language) });
  return (
    <div className={styles.meter}>
      <meter min={0} max={data.quota_bytes} high={data.quota_bytes * 0.9} value={data.used_bytes} aria-label={words} />
      <p>{words}</p>
    </div>
  );
}
