import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { useLocation, useSearch as useAddressQuery } from "wouter";
import { SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SearchResponse, SearchResult } from "@satchel/protocol";
import { isAsking, readQuestion, writeQuestion, type SearchQuestion } from "../data/search/search-question.ts";
import { useRested, useSearch } from "../data/search/use-search.ts";
import { useFolderId } from "../data/files/use-folder.ts";
import { LoadedPages } from "../parts/pane/loaded-pages.tsx";
import { SearchFilters } from "../parts/search/search-filters.tsx";
import { SearchResults } from "../parts/search/search-results.tsx";
import { useSearchWords } from "../words/search/use-search-words.ts";
import styles from "./search-page.module.css";

/** The server is asked when nothing was typed for this long. */
const typingMs = 120;
/** The longest text that is asked for. */
const maxText = 200;

/** Files and folders by name and contents, while it is typed. The address is the question, so that Back comes back to it. */
export function SearchPage(): ReactNode {
  const { t } = useSearchWords();
  const { t: tell } = useTranslation();
  const [, navigate] = useLocation();
  const address = useAddressQuery();
  const question = readQuestion(address);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    document.title = `${t("title")} · ${tell("app.name")}`;
  }, [t, tell]);
  const change = (part: Partial<SearchQuestion>): void => {
    navigate(`/search?${writeQuestion({ ...question, ...part })}`, { replace: true });
  };
  const goToResults = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    const first = list.current?.querySelector<HTMLElement>("[data-result]");
    if (!first) return;
    event.preventDefault();
    if (event.key === "Enter") first.click();
    else first.focus();
  };
  return (
    <section className={styles.page} aria-label={t("title")}>
      <header className={styles.header} role="search">
        <h1 className="visually-hidden">{t("title")}</h1>
        <input
          type="search"
          className={styles.field}
          aria-label={t("field")}
          placeholder={t("field")}
          maxLength={maxText}
          autoFocus
          value={question.text}
          onChange={(event) => change({ text: event.target.value })}
          onKeyDown={goToResults}
        />
        <SearchFilters question={question} onChange={change} />
      </header>
      <div className={styles.list} ref={list}>
        <Found address={address} />
      </div>
    </section>
  );
}

/** What the question of this address finds. */
function Found({ address }: { readonly address: string }): ReactNode {
  const { t } = useSearchWords();
  const question = readQuestion(useRested(address, typingMs));
  const folderId = useFolderId(question.where ?? "");
  const query = useSearch(question, question.where === undefined ? undefined : (folderId ?? undefined));
  if (!isAsking(question)) return <p>{t("hint")}</p>;
  return (
    <LoadedPages query={query}>
      {(pages) => {
        const results = eachOnce(pages);
        return (
          <>
            {isNothing(results.length) ? <Nothing /> : <p role="status">{sayCount(results.length)}</p>}
            {pages.every(({ complete }) => complete) ? null : <p>{t("behind")}</p>}
            <SearchResults results={results} />
          </>
        );
      }}
    </LoadedPages>
  );

  function isNothing(count: number): boolean {
    return count === 0 && !query.isFetching && !query.hasNextPage;
  }

  function sayCount(count: number): string {
    if (count === 0) return t("searching");
    return t(query.hasNextPage ? "more" : "count", { count });
  }
}

function Nothing(): ReactNode {
  const { t } = useSearchWords();
  return (
    <div className="empty">
      <SearchX size={48} strokeWidth={1.4} aria-hidden />
      <strong role="status">{t("none")}</strong>
      <p>{t("noneLead")}</p>
    </div>
  );
}

/** What was named while it was paged comes twice. */
function eachOnce(pages: readonly SearchResponse[]): SearchResult[] {
  return [...new Map(pages.flatMap(({ results }) => results).map((result) => [result.id, result])).values()];
}
