import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { useAdminCalls } from "../../data/admin-calls.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { formatBytes } from "../../words/format.ts";
import { Loaded } from "../pane/loaded.tsx";
import { Section } from "../pane/section.tsx";
import styles from "./admin.module.css";

/** What the server holds. */
export function ServerSection(): ReactNode {
  const { t, i18n } = useAdminWords();
  const calls = useAdminCalls();
  const server = useQuery({ queryKey: ["admin", "server"], queryFn: ({ signal }) => calls.server({ signal }) });
  const size = (bytes: number): string => formatBytes(bytes, i18n.language);
  const number = (count: number): string => new Intl.NumberFormat(i18n.language).format(count);
  return (
    <Section title={t("server.title")}>
      <Loaded query={server}>
        {(found) => (
          <dl className={styles.figures}>
            {(
              [
                ["occupied", size(found.occupied_bytes)],
                ["stored", size(found.stored_bytes)],
                ["plain", size(found.plain_bytes)],
                ["accounts", number(found.accounts)],
                ["connections", number(found.connections)],
              ] as const
            ).map(([name, figure]) => (
              <div key={name}>
                <dt>{t(`server.${name}`)}</dt>
                <dd>{figure}</dd>
              </div>
            ))}
          </dl>
        )}
      </Loaded>
    </Section>
  );
}
