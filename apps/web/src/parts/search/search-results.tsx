import { lazy, Suspense, useState, type KeyboardEvent, type ReactNode } from "react";
import type { SearchResult } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { startDownload } from "../../data/files/download.ts";
import type { Entry } from "../../data/files/entry.ts";
import { useSearchWords } from "../../words/search/use-search-words.ts";
import { SearchResultRow } from "./search-result-row.tsx";
import styles from "./search.module.css";

const PreviewDialog = lazy(async () => ({ default: (await import("../preview/preview-dialog.tsx")).PreviewDialog }));
const VersionsDialog = lazy(async () => ({
  default: (await import("../versions/versions-dialog.tsx")).VersionsDialog,
}));

const EditDialog = lazy(async () => ({ default: (await import("../editor/edit-dialog.tsx")).EditDialog }));

/** What was found. Arrow keys lead from one to the next; files are shown over the list, and there the arrows do the same. */
export function SearchResults({ results }: { readonly results: readonly SearchResult[] }): ReactNode {
  const { t } = useSearchWords();
  const { api } = useApp();
  const [shown, setShown] = useState<{ readonly kind: "preview" | "edit" | "versions"; readonly entry: Entry }>();
  const files = results.filter(({ type }) => type === "file");
  const close = (): void => setShown(undefined);
  return (
    <>
      <ul className={styles.results} aria-label={t("results")} onKeyDown={moveFocus}>
        {results.map((result) => (
          <SearchResultRow key={result.id} result={result} onShow={(entry) => setShown({ kind: "preview", entry })} />
        ))}
      </ul>
      <Suspense>
        {shown?.kind === "preview" ? (
          <PreviewDialog
            entry={files.find(({ id }) => id === shown.entry.id) ?? shown.entry}
            files={files}
            onStep={(entry) => setShown({ kind: "preview", entry })}
            onDownload={(entry) => {
              startDownload(api, entry).catch((error: unknown) => reportError(error));
            }}
            onEdit={(entry) => setShown({ kind: "edit", entry })}
            onVersions={(entry) => setShown({ kind: "versions", entry })}
            onClose={close}
          />
        ) : null}
        {shown?.kind === "edit" ? <EditDialog entry={shown.entry} isHere onClose={close} /> : null}
        {shown?.kind === "versions" ? <VersionsDialog entry={shown.entry} onClose={close} /> : null}
      </Suspense>
    </>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (steps === undefined) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-result]")];
  const here = links.findIndex((link) => link === document.activeElement);
  const next = links[here + steps];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
