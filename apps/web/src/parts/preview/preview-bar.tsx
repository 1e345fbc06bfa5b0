import type { ReactNode } from "react";
import { Dialog } from "@base-ui/react/dialog";
import { Download, FilePen, History, Maximize, X, ZoomIn, ZoomOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Entry } from "../../data/files/entry.ts";
import { useMayWrite } from "../../data/sharing/use-shares.ts";
import { formatBytes, formatInstant, formatScale } from "../../words/format.ts";
import { EntryIcon } from "../file-list/entry-icon.tsx";
import { PresentHere } from "../presence/present-here.tsx";
import { BarButton } from "../pane/bar-button.tsx";
import type { Zoom } from "./use-zoom.ts";
import styles from "./preview-bar.module.css";

interface PreviewBarProps {
  readonly entry: Entry;
  /** From 1. */
  readonly place: number;
  readonly count: number;
  /** Undefined for what can't be looked at more closely. */
  readonly zoom: Zoom | undefined;
  readonly onDownload: () => void;
  /** Undefined for what is no text that can be edited. */
  readonly onEdit: (() => void) | undefined;
  readonly onVersions: () => void;
  /** What people say about it; nothing for what is no text. */
  readonly comments: ReactNode;
}

/** What is shown, and what can be done with it. */
export function PreviewBar({
  entry,
  place,
  count,
  zoom,
  onDownload,
  onEdit,
  onVersions,
  comments,
}: PreviewBarProps): ReactNode {
  const { t, i18n } = useTranslation();
  const mayWrite = useMayWrite(entry.id);
  const facts = [
    formatBytes(entry.size, i18n.language),
    ...(entry.modified === null ? [] : [formatInstant(entry.modified, i18n.language)]),
    ...(count > 1 ? [t("preview.place", { place, count })] : []),
  ];
  return (
    <header className={styles.bar}>
      <EntryIcon entry={entry} size={24} />
      <div className={styles.what}>
        <Dialog.Title className={styles.name}>
          <bdi>{entry.name}</bdi>
        </Dialog.Title>
        <p>{facts.join(" · ")}</p>
      </div>
      <PresentHere fileId={entry.id} />
      {zoom ? (
        <div className={styles.zoom} role="group" aria-label={t("preview.zoom")}>
          <BarButton words={t("preview.farther")} onClick={zoom.farther}>
            <ZoomOut size={19} aria-hidden />
          </BarButton>
          <output>{formatScale(zoom.scale, i18n.language)}</output>
          <BarButton words={t("preview.closer")} onClick={zoom.closer}>
            <ZoomIn size={19} aria-hidden />
          </BarButton>
          <BarButton words={t("preview.fit")} onClick={zoom.fit}>
            <Maximize size={18} aria-hidden />
          </BarButton>
        </div>
      ) : null}
      <div className={styles.actions}>
        {onEdit ? (
          <BarButton words={t(mayWrite ? "action.edit" : "action.readAlong")} onClick={onEdit}>
            <FilePen size={19} aria-hidden />
          </BarButton>
        ) : null}
        {comments}
        <BarButton words={t("action.versions")} onClick={onVersions}>
          <History size={19} aria-hidden />
        </BarButton>
        <BarButton words={t("action.download")} onClick={onDownload}>
          <Download size={19} aria-hidden />
        </BarButton>
        <Dialog.Close className="button quiet icon" aria-label={t("action.close")} title={t("action.close")}>
          <X size={20} aria-hidden />
        </Dialog.Close>
      </div>
    </header>
  );
}
