import { useEffect, type ReactNode } from "react";
import { Link } from "wouter";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useApp } from "../data/app-context.ts";
import { addressOf } from "../data/files/path.ts";
import { WaySection } from "../parts/admin/way-section.tsx";
import { Section } from "../parts/pane/section.tsx";
import { JoinCommand } from "../parts/settings/join-command.tsx";
import { useAdminWords } from "../words/admin/use-admin-words.ts";
import styles from "./welcome-page.module.css";

/** Where whoever has just set a server up goes on: is the way in order, and how does a device come in? */
export function WelcomePage(): ReactNode {
  const { t } = useAdminWords();
  const { t: tell } = useTranslation();
  const { api } = useApp();
  const account = useQuery({ queryKey: ["account"], queryFn: ({ signal }) => api.account({ signal }) });
  useEffect(() => {
    document.title = `${t("welcome.title")} · ${tell("app.name")}`;
  }, [t, tell]);
  return (
    <section className={styles.page} aria-label={t("welcome.title")}>
      <div className={styles.column}>
        <header>
          <h1>{t("welcome.title")}</h1>
          <p>{t("welcome.lead")}</p>
        </header>
        {account.data?.is_admin === true ? <WaySection /> : null}
        <Section title={t("welcome.device")} lead={t("welcome.deviceLead")}>
          <JoinCommand />
        </Section>
        <p>
          <Link to={addressOf("")} className="button primary">
            {t("welcome.files")}
          </Link>
        </p>
      </div>
    </section>
  );
}
