import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { StorageUsage } from "@satchel/protocol";
import { useAccountCalls } from "../../data/account-calls.ts";
import { formatBytes } from "../../words/format.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { Section } from "../pane/section.tsx";
import styles from "./settings.module.css";

const kinds = ["files", "versions", "trash", "pending"] as const;

/** How much is stored, and for what. */
export function StorageSection(): ReactNode {
  const { t } = useSettingsWords();
  const calls = useAccountCalls();
  const usage = useQuery({ queryKey: ["usage"], queryFn: ({ signal }) => calls.usage({ signal }) });
  const trash = (
    <Link to="/trash" className="button">
      {t("storage.openTrash")}
    </Link>
  );
  return (
    <Section title={t("storage.title")} action={trash}>
      <Loaded query={usage}>{(found) => <Use usage={found} />}</Loaded>
    </Section>
  );
}

function Use({ usage }: { readonly usage: StorageUsage }): ReactNode {
  const { t, i18n } = useSettingsWords();
  const size = (bytes: number): string => formatBytes(bytes, i18n.language);
  const used = size(usage.used_bytes);
  const sum = kinds.reduce((total, kind) => total + usage[`${kind}_bytes`], 0);
  return (
    <>
      <p className={styles.sum}>
        {usage.quota_bytes === null
          ? t("storage.used", { used })
          : t("storage.usedOf", { used, quota: size(usage.quota_bytes) })}
      </p>
      {usage.free_bytes === null ? null : (
        <p className={styles.soft}>{t("storage.free", { free: size(usage.free_bytes) })}</p>
      )}
      {sum > 0 ? (
        <div className={styles.bar} role="img" aria-label={t("storage.chart")}>
          {kinds
            .filter((kind) => usage[`${kind}_bytes`] > 0)
            .map((kind) => (
              <span key={kind} className={styles[kind]} style={{ flexGrow: usage[`${kind}_bytes`] / sum }} />
            ))}
        </div>
      ) : null}
      <dl className={styles.legend}>
        {kinds.map((kind) => (
          <div key={kind}>
            <span className={[styles.swatch, styles[kind]].join(" ")} aria-hidden />
            <dt>{t(`storage.${kind}`)}</dt>
            <dd>{size(usage[`${kind}_bytes`])}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.soft}>{t("storage.lead")}</p>
    </>
  );
}
