import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../data/app-context.ts";
import { BrokenArchiveError, type ArchiveEntry } from "../../../data/preview/archive-entry.ts";
import { listArchive } from "../../../data/preview/list-archive.ts";
import { formatBytes } from "../../../words/format.ts";
import { EntryIcon } from "../../file-list/entry-icon.tsx";
import { FailedNote } from "../failed-note.tsx";
import { PreviewNote } from "../preview-note.tsx";
import type { StageProps } from "../stage-props.ts";
import { Waiting } from "../waiting.tsx";
import styles from "./archive-stage.module.css";

interface ArchiveStageProps extends StageProps {
  readonly kind: "zip" | "tar";
}

/** What is in an archive, without unpacking it. */
export function ArchiveStage({ entry, kind, onDownload }: ArchiveStageProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useApp();
  const { id, latest_version: versionId, size: sizeBytes, name } = entry;
  const query = useQuery({
    queryKey: ["archive", id, versionId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => listArchive(api, { id, versionId, sizeBytes, name }, kind, signal),
  });
  const retry = (): void => {
    query.refetch().catch((error: unknown) => reportError(error));
  };
  if (query.isFetching) return <Waiting />;
  if (query.error instanceof BrokenArchiveError) return <PreviewNote reason="unreadable" onDownload={onDownload} />;
  if (query.error) return <FailedNote error={query.error} onRetry={retry} onDownload={onDownload} />;
  const { entries, isCut } = query.data ?? { entries: [], isCut: false };
  return (
    <section className={styles.scroll} aria-label={name} tabIndex={0}>
      <p className={styles.count}>{t(isCut ? "preview.archiveCut" : "preview.archive", { count: entries.length })}</p>
      <ul className={styles.list}>
        {entries.map((one, index) => (
          <ArchiveRow key={index} entry={one} />
        ))}
      </ul>
    </section>
  );
}

function ArchiveRow({ entry: { path, sizeBytes, isFolder } }: { readonly entry: ArchiveEntry }): ReactNode {
  const { i18n } = useTranslation();
  const slash = path.lastIndexOf("/") + 1;
  const name = path.slice(slash);
  return (
    <li>
      <EntryIcon entry={{ name, type: isFolder ? "folder" : "file" }} size={20} />
      <span className={styles.path}>
        <span>{path.slice(0, slash)}</span>
        {name}
      </span>
      <span className={styles.size}>{isFolder ? "" : formatBytes(sizeBytes, i18n.language)}</span>
    </li>
  );
}
