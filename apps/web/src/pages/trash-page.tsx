import { useEffect, useState, type ReactNode } from "react";
import { Toast } from "@base-ui/react/toast";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { TrashedEntry, WorkspaceId } from "@satchel/protocol";
import { useApp } from "../data/app-context.ts";
import { restoreEntries } from "../data/commands/change-tree.ts";
import { useMayWrite, useShares } from "../data/sharing/use-shares.ts";
import { EntryPicture } from "../parts/pictures/entry-picture.tsx";
import { formatBytes, formatInstant } from "../words/format.ts";
import { problemWords } from "../words/words.ts";
import styles from "./trash-page.module.css";

const dayMs = 24 * 60 * 60 * 1000;

/** What was deleted, how long it stays, and the way back. */
export function TrashPage(): ReactNode {
  const { t } = useTranslation();
  const shares = useShares().data?.shares ?? [];
  const [of, setOf] = useState<WorkspaceId>();
  const trash = useTrash(of);
  useEffect(() => {
    document.title = `${t("trash.title")} · ${t("app.name")}`;
  }, [t]);
  return (
    <section className={styles.page} aria-label={t("trash.title")}>
      <header className={styles.header}>
        <h1>{t("trash.title")}</h1>
        <p>{t("trash.lead")}</p>
        {shares.length === 0 ? null : (
          <select
            className={styles.of}
            aria-label={t("trash.of")}
            value={of ?? ""}
            onChange={({ target }) => setOf(shares.find((share) => share.workspace_id === target.value)?.workspace_id)}
          >
            <option value="">{t("trash.own")}</option>
            {shares.map(({ workspace_id: id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </header>
      {trash.entries?.length === 0 ? <EmptyTrash /> : null}
      {trash.entries && trash.entries.length > 0 ? (
        <ul className={styles.list} aria-label={t("trash.label")}>
          {trash.entries.map((entry) => (
            <TrashRow key={entry.file_id} entry={entry} />
          ))}
          {trash.hasMore ? (
            <li>
              <button type="button" className="button" onClick={trash.more}>
                {t("trash.more")}
              </button>
            </li>
          ) : null}
        </ul>
      ) : null}
    </section>
  );
}

interface TrashList {
  readonly entries: readonly TrashedEntry[] | undefined;
  readonly hasMore: boolean;
  readonly more: () => void;
}

function useTrash(workspaceId: WorkspaceId | undefined): TrashList {
  const { api, workspace } = useApp();
  const queries = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: ["trash", workspaceId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.trash({ workspaceId, cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.cursor,
  });
  useEffect(
    () =>
      workspace.watchChanges(() => {
        queries.invalidateQueries({ queryKey: ["trash"] }).catch((error: unknown) => reportError(error));
      }),
    [workspace, queries],
  );
  return {
    entries: query.data?.pages.flatMap((page) => page.entries),
    hasMore: query.hasNextPage,
    more: () => {
      query.fetchNextPage().catch((error: unknown) => reportError(error));
    },
  };
}

function EmptyTrash(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="empty">
      <Trash2 size={52} strokeWidth={1.3} aria-hidden />
      <h2>{t("trash.emptyTitle")}</h2>
      <p>{t("trash.emptyLead")}</p>
    </div>
  );
}

function TrashRow({ entry }: { readonly entry: TrashedEntry }): ReactNode {
  const { t, i18n } = useTranslation();
  const { api, workspace } = useApp();
  const { add } = Toast.useToastManager();
  const queries = useQueryClient();
  const mayWrite = useMayWrite(entry.file_id);
  const { name, folder } = splitPath(entry.path);
  const { latest_version: latestVersion = null } = entry;
  const daysLeft = Math.max(0, Math.ceil((Date.parse(entry.expires) - Date.now()) / dayMs));
  const restore = async (): Promise<void> => {
    const { done, failures } = await restoreEntries(api, workspace, [{ id: entry.file_id, name }]);
    const [failure] = failures;
    if (failure) add({ type: "error", title: problemWords(t, failure.code) });
    else add({ title: t("done.restored", { count: done }) });
    await queries.invalidateQueries({ queryKey: ["trash"] });
  };
  const facts = [
    t(`files.${entry.type}`),
    ...(entry.type === "file" ? [formatBytes(entry.size, i18n.language)] : []),
    `${t("trash.deleted")} ${formatInstant(entry.deleted, i18n.language)} ${t("trash.by", { who: entry.deleted_by })}`,
  ];
  return (
    <li className={styles.row}>
      <span className={styles.picture}>
        <EntryPicture entry={{ id: entry.file_id, name, type: entry.type, latest_version: latestVersion }} size={24} />
      </span>
      <div className={styles.what}>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <small>
          {t("trash.from")} <bdi>{folder || t("files.title")}</bdi> · {facts.join(" · ")}
        </small>
      </div>
      <span className={styles.left}>{t("trash.daysLeft", { count: daysLeft })}</span>
      {mayWrite ? (
        <button
          type="button"
          className="button"
          aria-label={t("trash.restoreName", { name })}
          onClick={() => {
            restore().catch((error: unknown) => reportError(error));
          }}
        >
          <RotateCcw size={16} aria-hidden />
          {t("trash.restore")}
        </button>
      ) : null}
    </li>
  );
}

/** The folder without a slash at its beginning: empty for the outermost. */
function splitPath(path: string): { name: string; folder: string } {
  const slash = path.lastIndexOf("/");
  return { name: path.slice(slash + 1), folder: path.slice(1, Math.max(1, slash)) };
}
