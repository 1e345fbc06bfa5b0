import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Dialog } from "@base-ui/react/dialog";
import { Toast } from "@base-ui/react/toast";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, Download, GitCompareArrows, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { VersionState } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { startDownload } from "../../data/files/download.ts";
import type { Entry } from "../../data/files/entry.ts";
import { useMayWrite } from "../../data/sharing/use-shares.ts";
import { hasSmallPicture } from "../../data/pictures/has-small-picture.ts";
import { formatBytes, formatInstantFully } from "../../words/format.ts";
import { whoMade } from "../../words/who-made.ts";
import { EntryPicture } from "../pictures/entry-picture.tsx";
import styles from "./versions-dialog.module.css";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

const CompareView = lazy(async () => ({ default: (await import("./compare-view.tsx")).CompareView }));

interface VersionsDialogProps {
  readonly entry: Entry;
  readonly onClose: () => void;
}

/** Every saved state of a file. Going back to one makes it the newest, and loses none. */
export function VersionsDialog({ entry, onClose }: VersionsDialogProps): ReactNode {
  const { t } = useTranslation();
  const versions = useVersions(entry);
  const [compared, setCompared] = useState<Compared>();
  return (
    <DialogFrame
      title={t("versions.title", { name: entry.name })}
      lead={t("versions.lead")}
      onClose={onClose}
      className={compared ? styles.wide : undefined}
    >
      {compared ? (
        <Suspense>
          <CompareView entry={entry} versions={versions.list} {...compared} />
        </Suspense>
      ) : (
        <ol className={styles.versions}>
          {versions.list.map((version, index) => (
            <VersionRow
              key={version.version}
              entry={entry}
              version={version}
              before={versions.list[index + 1]}
              isNewest={index === 0}
              onCompare={setCompared}
            />
          ))}
        </ol>
      )}
      {versions.hasMore && !compared ? (
        <button type="button" className="button" onClick={versions.more}>
          {t("trash.more")}
        </button>
      ) : null}
      <DialogActions>
        {compared ? (
          <button type="button" className="button quiet" onClick={() => setCompared(undefined)}>
            <ArrowLeft size={17} aria-hidden />
            {t("versions.back")}
          </button>
        ) : null}
        <Dialog.Close className="button">{t("action.close")}</Dialog.Close>
      </DialogActions>
    </DialogFrame>
  );
}

/** Two versions that are looked at together. */
interface Compared {
  readonly before: VersionState;
  readonly after: VersionState;
}

interface VersionList {
  readonly list: readonly VersionState[];
  readonly hasMore: boolean;
  readonly more: () => void;
}

/** Read again when the file changes while it is looked at. */
function useVersions(entry: Entry): VersionList {
  const { api, workspace } = useApp();
  const queries = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: ["versions", entry.id],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.versions({ fileId: entry.id, cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.cursor,
  });
  useEffect(
    () =>
      workspace.watchChanges((changes) => {
        if (!changes.some(({ id }) => id === entry.id)) return;
        queries.invalidateQueries({ queryKey: ["versions", entry.id] }).catch((error: unknown) => reportError(error));
      }),
    [workspace, queries, entry.id],
  );
  return {
    list: query.data?.pages.flatMap((page) => page.versions) ?? [],
    hasMore: query.hasNextPage,
    more: () => {
      query.fetchNextPage().catch((error: unknown) => reportError(error));
    },
  };
}

interface VersionRowProps {
  readonly entry: Entry;
  readonly version: VersionState;
  /** The one that it followed on; undefined for the first. */
  readonly before: VersionState | undefined;
  readonly isNewest: boolean;
  readonly onCompare: (compared: Compared) => void;
}

function VersionRow({ entry, version, before, isNewest, onCompare }: VersionRowProps): ReactNode {
  const { t, i18n } = useTranslation();
  const { api, workspace } = useApp();
  const { add } = Toast.useToastManager();
  const mayWrite = useMayWrite(entry.id);
  const time = formatInstantFully(version.created, i18n.language);
  const who = version.device
    ? t("versions.by", { author: whoMade(version, i18n.language), device: version.device })
    : t("versions.byAlone", { author: whoMade(version, i18n.language) });
  const restore = async (): Promise<void> => {
    await api.restore({ file_id: entry.id, version_id: version.version });
    await workspace.refresh();
    add({ title: t("done.versionRestored", { time }) });
  };
  const download = (): void => {
    startDownload(api, entry, version.version).catch((error: unknown) => reportError(error));
  };
  return (
    <li className={styles.version}>
      {hasSmallPicture(entry) ? (
        <span className={styles.picture}>
          <EntryPicture entry={{ ...entry, latest_version: version.version }} size={24} />
        </span>
      ) : null}
      <div>
        <strong>{time}</strong>
        {isNewest ? <span className={styles.newest}>{t("versions.newest")}</span> : null}
        <p>
          {who} · {formatBytes(version.size, i18n.language)}
        </p>
      </div>
      {before ? (
        <button
          type="button"
          className="button quiet icon"
          onClick={() => onCompare({ before, after: version })}
          aria-label={t("versions.compareOf", { time })}
          title={t("versions.compare")}
        >
          <GitCompareArrows size={18} aria-hidden />
        </button>
      ) : null}
      <button
        type="button"
        className="button quiet icon"
        onClick={download}
        aria-label={t("versions.downloadOf", { time })}
        title={t("action.download")}
      >
        <Download size={18} aria-hidden />
      </button>
      {isNewest || !mayWrite ? null : (
        <button
          type="button"
          className="button quiet icon"
          onClick={() => {
            restore().catch((error: unknown) => reportError(error));
          }}
          aria-label={t("versions.restoreOf", { time })}
          title={t("versions.restore")}
        >
          <RotateCcw size={18} aria-hidden />
        </button>
      )}
    </li>
  );
}
