import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNotices, useReading } from "../data/notices/use-notices.ts";
import { NoticeRow } from "../parts/notices/notice-row.tsx";
import { NoticeSettings } from "../parts/notices/notice-settings.tsx";
import { LoadedPages } from "../parts/pane/loaded-pages.tsx";
import { NoRows, Rows } from "../parts/pane/rows.tsx";
import { Section } from "../parts/pane/section.tsx";
import { useNoticeWords } from "../words/notices/use-notice-words.ts";
import styles from "./shared-page.module.css";

/** What the account is told, as it happens, and of what it wants to be told. */
export function NoticesPage(): ReactNode {
  const { t } = useNoticeWords();
  const { t: tell } = useTranslation();
  const notices = useNotices();
  const reading = useReading();
  useEffect(() => {
    document.title = `${t("title")} · ${tell("app.name")}`;
  }, [t, tell]);
  const readAll = (
    <button type="button" className="button" disabled={reading.isPending} onClick={() => reading.mutate({})}>
      {t("readAll")}
    </button>
  );
  return (
    <section className={styles.page} aria-label={t("title")}>
      <header className={styles.header}>
        <h1>{t("title")}</h1>
      </header>
      <div className={styles.column}>
        <Section title={t("list")} action={(notices.data?.pages[0]?.unread ?? 0) > 0 ? readAll : undefined}>
          <LoadedPages query={notices}>
            {(pages) => {
              const all = pages.flatMap((page) => page.notices);
              return all.length === 0 ? (
                <NoRows>{t("none")}</NoRows>
              ) : (
                <Rows label={t("list")}>
                  {all.map((notice) => (
                    <NoticeRow key={notice.id} notice={notice} />
                  ))}
                </Rows>
              );
            }}
          </LoadedPages>
        </Section>
        <NoticeSettings />
      </div>
    </section>
  );
}
