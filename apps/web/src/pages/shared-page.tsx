import { useEffect, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useApp } from "../data/app-context.ts";
import { useShares } from "../data/sharing/use-shares.ts";
import { InvitationsSection } from "../parts/sharing/invitations-section.tsx";
import { LinkRow } from "../parts/sharing/link-row.tsx";
import { SharesSection } from "../parts/sharing/shares-section.tsx";
import { Loaded } from "../parts/pane/loaded.tsx";
import { NoRows, Rows } from "../parts/pane/rows.tsx";
import { Section } from "../parts/pane/section.tsx";
import { useSharingWords } from "../words/sharing/use-sharing-words.ts";
import styles from "./shared-page.module.css";

/** What others share with the account, what it shares, and the links that it has made. */
export function SharedPage(): ReactNode {
  const { t } = useSharingWords();
  const { t: tell } = useTranslation();
  const shares = useShares();
  useEffect(() => {
    document.title = `${t("page.title")} · ${tell("app.name")}`;
  }, [t, tell]);
  return (
    <section className={styles.page} aria-label={t("page.title")}>
      <header className={styles.header}>
        <h1>{t("page.title")}</h1>
      </header>
      <div className={styles.column}>
        <Loaded query={shares}>
          {({ shares: all, invitations }) => (
            <>
              <InvitationsSection invitations={invitations} />
              <SharesSection
                title={t("page.withMe")}
                none={t("page.noneWithMe")}
                shares={all.filter(({ role }) => role !== "owner")}
              />
              <SharesSection
                title={t("page.byMe")}
                none={t("page.noneByMe")}
                shares={all.filter(({ role }) => role === "owner")}
              />
            </>
          )}
        </Loaded>
        <OwnLinks />
      </div>
    </section>
  );
}

function OwnLinks(): ReactNode {
  const { t } = useSharingWords();
  const { api } = useApp();
  const links = useQuery({ queryKey: ["links"], queryFn: ({ signal }) => api.links({ signal }) });
  return (
    <Section title={t("page.links")}>
      <Loaded query={links}>
        {(found) =>
          found.length === 0 ? (
            <NoRows>{t("page.noLinks")}</NoRows>
          ) : (
            <Rows label={t("page.links")}>
              {found.map((link) => (
                <LinkRow key={link.link_id} link={link} withPath />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}
