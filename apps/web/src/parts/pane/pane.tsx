import { useEffect, useRef, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useTranslation } from "react-i18next";
import styles from "./pane.module.css";

export interface PaneTab {
  readonly to: string;
  readonly words: string;
}

interface PaneProps {
  readonly title: string;
  readonly tabs: readonly PaneTab[];
  /** For lists that use the width. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A page of sections, with the way to its sister pages beside it. */
export function Pane({ title, tabs, wide = false, children }: PaneProps): ReactNode {
  const { t } = useTranslation();
  const [location] = useLocation();
  const current = tabs.find(({ to }) => to === location);
  const body = useRef<HTMLDivElement>(null);
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${[current?.words, title].filter(Boolean).join(" · ")} · ${t("app.name")}`;
    body.current?.scrollTo(0, 0);
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current?.words, title, t]);
  return (
    <section className={styles.page} aria-label={title}>
      <header className={styles.header}>
        <h1>{title}</h1>
      </header>
      <nav className={styles.tabs} ref={nav} aria-label={title}>
        {tabs.map(({ to, words }) => (
          <Link key={to} to={to} aria-current={to === location ? "page" : undefined}>
            {words}
          </Link>
        ))}
      </nav>
      <div className={styles.body} ref={body} tabIndex={-1}>
        <div className={[styles.column, wide && styles.wide].filter(Boolean).join(" ")}>{children}</div>
      </div>
    </section>
  );
}
