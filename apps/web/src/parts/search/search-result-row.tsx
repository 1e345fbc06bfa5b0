import type { MouseEvent, ReactNode } from "react";
import { Link } from "wouter";
import type { SearchResult } from "@satchel/protocol";
import { addressOf, parentPath } from "../../data/files/path.ts";
import { formatBytes, formatInstant } from "../../words/format.ts";
import { useSearchWords } from "../../words/search/use-search-words.ts";
import { EntryPicture } from "../pictures/entry-picture.tsx";
import { FoundName } from "./found-name.tsx";
import styles from "./search.module.css";

interface SearchResultRowProps {
  readonly result: SearchResult;
  /** Shows a file over the results. */
  readonly onShow: (result: SearchResult) => void;
}

/** Something that was found: what it is, where it lies, and the way to it. */
export function SearchResultRow({ result, onShow }: SearchResultRowProps): ReactNode {
  const { t, i18n } = useSearchWords();
  const { name, type, size, modified, path, shared, match, found, snippet } = result;
  const own = path.replace(/^\//, "");
  const folder = parentPath(own);
  const show = (event: MouseEvent): void => {
    // With a key held it is a link like any other, to the folder in a tab of its own.
    if (type !== "file" || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onShow(result);
  };
  const facts = [
    t("in", { folder: folder || t("allFiles") }),
    modified === null ? undefined : formatInstant(modified, i18n.language),
    type === "file" ? formatBytes(size, i18n.language) : undefined,
    shared ? t("shared") : undefined,
    match === "similar" ? t("similar") : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <li className={styles.result}>
      <span className={styles.picture}>
        <EntryPicture entry={result} size={24} />
      </span>
      <div className={styles.what}>
        <Link to={addressOf(type === "folder" ? own : folder)} onClick={show} className={styles.name} data-result>
          <FoundName name={name} found={found} />
        </Link>
        <small>{facts.join(" · ")}</small>
        {snippet ? (
          <p className={styles.snippet} dir="auto">
            <FoundName name={snippet.text} found={snippet.found} />
          </p>
        ) : null}
      </div>
      {type === "folder" ? null : (
        <Link to={addressOf(folder)} className="button quiet">
          {t("showInFolder")}
        </Link>
      )}
    </li>
  );
}
