import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import type { EffectiveSetting } from "@satchel/protocol";
import { useAdminCalls } from "../../data/admin-calls.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { Section } from "../pane/section.tsx";
import styles from "./admin.module.css";

/** The settings in force, and where each comes from. */
export function SettingsSection(): ReactNode {
  const { t } = useAdminWords();
  const calls = useAdminCalls();
  const server = useQuery({ queryKey: ["admin", "server"], queryFn: ({ signal }) => calls.server({ signal }) });
  return (
    <Section title={t("tabs.settings")} lead={t("settings.lead")}>
      <Loaded query={server}>
        {({ settings }) => (
          <div className={styles.scroll} role="region" aria-label={t("tabs.settings")} tabIndex={0}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{t("settings.name")}</th>
                  <th scope="col">{t("settings.value")}</th>
                  <th scope="col">{t("settings.origin")}</th>
                </tr>
              </thead>
              <tbody>
                {settings.map((setting) => (
                  <SettingRow key={setting.name} setting={setting} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </Section>
  );
}

function SettingRow({ setting }: { readonly setting: EffectiveSetting }): ReactNode {
  const { t } = useAdminWords();
  const { name, option, origin, value, secret } = setting;
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
      </th>
      <td>
        {value === null ? (
          <span className={styles.soft}>{t(secret ? "settings.secret" : "settings.none")}</span>
        ) : (
          <code>{value}</code>
        )}
      </td>
      <td className={origin === "default" ? styles.soft : undefined}>
        {origin === "option" && option !== null ? <code>{option}</code> : t(`settings.${origin}`)}
      </td>
    </tr>
  );
}
