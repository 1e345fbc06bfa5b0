import type { ReactNode } from "react";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { FolderView } from "../../data/files/folder-store.ts";
import { formatBytes } from "../../words/format.ts";
import type { FolderActions } from "./use-actions.ts";
import type { FolderSelection } from "./use-selection.ts";
import styles from "./folder-status.module.css";

interface FolderStatusProps {
  readonly view: FolderView;
  /** Those that are shown: of a large folder, they are behind those that are known for a moment. */
  readonly shown: number;
  readonly selection: FolderSelection;
  readonly actions: FolderActions;
}

/** How much is here, and what can be done with what is selected. */
export function FolderStatus({ view, shown: count, selection, actions }: FolderStatusProps): ReactNode {
  const { t, i18n } = useTranslation();
  const isWhole = view.listing.complete && view.listing.entries.size === count;
  const selected = selection.selectedEntries();
  if (selected.length === 0)
    return (
      <footer className={styles.status}>
        <p role="status">{isWhole ? t("files.count", { count }) : t("files.loadingMore", { count })}</p>
      </footer>
    );
  const bytes = selected.reduce((sum, { size }) => sum + size, 0);
  return (
    <footer className={styles.status}>
      <p role="status">
        {t("files.selected", { count: selected.length })}
        {bytes > 0 ? ` · ${formatBytes(bytes, i18n.language)}` : ""}
      </p>
      <div className={styles.actions}>
        {actions.forSelected().map(({ key, icon: Icon, words, run }) => (
          <button key={key} type="button" className="button quiet icon" onClick={run} aria-label={words} title={words}>
            <Icon size={18} aria-hidden />
          </button>
        ))}
        <button
          type="button"
          className="button quiet icon"
          onClick={selection.clear}
          aria-label={t("action.clear")}
          title={t("action.clear")}
        >
          <X size={18} aria-hidden />
        </button>
      </div>
    </footer>
  );
}
