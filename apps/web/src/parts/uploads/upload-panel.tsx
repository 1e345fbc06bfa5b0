import { useEffect, useState, type ReactNode } from "react";
import { ChevronDown, ChevronUp, Pause, Play, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../data/app-context.ts";
import { isUnfinished, type Upload, type UploadsView } from "../../data/uploads/upload-queue.ts";
import { formatBytes, formatDuration, formatPercent } from "../../words/format.ts";
import { LeftUploads } from "./left-uploads.tsx";
import { UploadRow } from "./upload-row.tsx";
import styles from "./upload-panel.module.css";

/** Rows that are drawn: what moves or failed first. A thousand files need no thousand rows. */
const maxRows = 50;

/** How far uploads are. It stays while the person goes elsewhere, and goes when all is done and it was closed. */
export function UploadPanel({ view }: { readonly view: UploadsView }): ReactNode {
  const { t } = useTranslation();
  const { uploads: queue } = useApp();
  const [open, setOpen] = useState(true);
  useLeaveWarning(view);
  if (view.uploads.length === 0)
    return (
      <aside className={styles.panel} aria-label={t("uploads.title")}>
        <LeftUploads left={view.left} queue={queue} />
      </aside>
    );
  const isPaused = view.uploads.some(({ state }) => state === "paused");
  const isBusy = view.uploads.some(isUnfinished);
  const toggle = open ? t("uploads.collapse") : t("uploads.expand");
  return (
    <aside className={styles.panel} aria-label={t("uploads.title")}>
      <header className={styles.header}>
        <Summary view={view} />
        {isBusy ? (
          <IconButton
            words={isPaused ? t("uploads.resume") : t("uploads.pause")}
            onClick={() => (isPaused ? queue.resumeAll() : queue.pauseAll())}
          >
            {isPaused ? <Play size={17} aria-hidden /> : <Pause size={17} aria-hidden />}
          </IconButton>
        ) : null}
        <IconButton words={toggle} onClick={() => setOpen(!open)}>
          {open ? <ChevronDown size={17} aria-hidden /> : <ChevronUp size={17} aria-hidden />}
        </IconButton>
        <IconButton words={isBusy ? t("uploads.cancelAll") : t("uploads.dismiss")} onClick={() => queue.cancelAll()}>
          <X size={17} aria-hidden />
        </IconButton>
      </header>
      {view.left.length > 0 ? <LeftUploads left={view.left} queue={queue} /> : null}
      {view.offline ? <p className={styles.offline}>{t("uploads.offline")}</p> : null}
      {open ? (
        <ul className={styles.rows} aria-label={t("uploads.listLabel")}>
          {mostTelling(view.uploads).map((upload) => (
            <UploadRow key={upload.key} upload={upload} queue={queue} offline={view.offline} />
          ))}
        </ul>
      ) : null}
    </aside>
  );
}

function Summary({ view }: { readonly view: UploadsView }): ReactNode {
  const { t, i18n } = useTranslation();
  const { uploads, bytesPerSecond } = view;
  const done = uploads.filter(({ state }) => state === "done").length;
  const total = uploads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const sent = uploads.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  const fraction = total === 0 ? done / uploads.length : sent / total;
  const moving = bytesPerSecond > 0 && done < uploads.length;
  const details = [
    t("uploads.summary", { percent: formatPercent(fraction, i18n.language), size: formatBytes(total, i18n.language) }),
    ...(moving
      ? [
          t("uploads.rate", { rate: formatBytes(bytesPerSecond, i18n.language) }),
          t("uploads.left", { time: formatDuration((total - sent) / bytesPerSecond, i18n.language) }),
        ]
      : []),
  ];
  return (
    <div className={styles.summary}>
      <strong role="status">{t("uploads.progress", { done, count: uploads.length })}</strong>
      <progress max={1} value={fraction} aria-label={t("uploads.title")} />
      <small>{details.join(" · ")}</small>
    </div>
  );
}

interface IconButtonProps {
  readonly words: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function IconButton({ words, onClick, children }: IconButtonProps): ReactNode {
  return (
    <button type="button" className="button quiet icon" aria-label={words} title={words} onClick={onClick}>
      {children}
    </button>
  );
}

const mostTellingFirst: readonly Upload["state"][] = ["failed", "uploading", "paused", "waiting", "done"];

function mostTelling(uploads: readonly Upload[]): readonly Upload[] {
  const byState = Map.groupBy(uploads, ({ state }) => state);
  return mostTellingFirst.flatMap((state) => byState.get(state)?.slice(0, maxRows) ?? []).slice(0, maxRows);
}

/** The browser asks before a tab with unfinished uploads is closed. */
function useLeaveWarning(view: UploadsView): void {
  const isBusy = view.uploads.some(isUnfinished);
  useEffect(() => {
    if (!isBusy) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isBusy]);
}
