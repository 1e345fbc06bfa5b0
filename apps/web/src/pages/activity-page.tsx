import { useEffect, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { History } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { EntryId } from "@satchel/protocol";
import { currentAddress } from "../data/base-path.ts";
import { activityAddress, addressOf, namesOf, pathOfAddress } from "../data/files/path.ts";
import { useActivity } from "../data/files/use-activity.ts";
import { useFolderId } from "../data/files/use-folder.ts";
import { ActivityRow } from "../parts/activity/activity-row.tsx";
import { RewindDialog } from "../parts/activity/rewind-dialog.tsx";
import { LoadedPages } from "../parts/pane/loaded-pages.tsx";
import { NoRows, Rows } from "../parts/pane/rows.tsx";
import { useActivityWords } from "../words/activity/use-activity-words.ts";
import styles from "./activity-page.module.css";

/** Who did what in the folder that the address names, as it goes on. */
export function ActivityPage(): ReactNode {
  const { t } = useActivityWords();
  // Drawn again at each change of address; the browser's own has every name escaped by itself.
  useLocation();
  const path = pathOfAddress(currentAddress(), activityAddress);
  const folderId = useFolderId(path);
  if (folderId === undefined) return null;
  if (folderId === null) return <p className="empty">{t("notFound")}</p>;
  return <FolderActivity key={folderId} folderId={folderId} path={path} />;
}

function FolderActivity({ folderId, path }: { readonly folderId: EntryId; readonly path: string }): ReactNode {
  const { t } = useActivityWords();
  const { t: tell } = useTranslation();
  const [rewinding, setRewinding] = useState(false);
  const pages = useActivity(folderId);
  const folder = namesOf(path).at(-1) ?? t("allFiles");
  const title = path === "" ? t("title") : t("titleOf", { folder });
  useEffect(() => {
    document.title = `${title} · ${tell("app.name")}`;
  }, [title, tell]);
  const records = pages.data?.pages.flatMap((page) => page.records) ?? [];
  return (
    <section className={styles.page} aria-label={title}>
      <header className={styles.header}>
        <div>
          <h1>{title}</h1>
          <p>{t("lead")}</p>
        </div>
        <div className={styles.actions}>
          <Link to={addressOf(path)} className="button">
            {t("openFolder")}
          </Link>
          <button type="button" className="button" disabled={records.length === 0} onClick={() => setRewinding(true)}>
            <History size={17} aria-hidden />
            {t("rewind.open")}
          </button>
        </div>
      </header>
      <div className={styles.list}>
        <LoadedPages query={pages}>
          {() =>
            records.length === 0 ? (
              <NoRows>{t("empty")}</NoRows>
            ) : (
              <Rows label={t("label")}>
                {records.map((record) => (
                  <ActivityRow key={record.sequence} record={record} />
                ))}
              </Rows>
            )
          }
        </LoadedPages>
      </div>
      {rewinding ? (
        <RewindDialog folderId={folderId} folder={folder} records={records} onClose={() => setRewinding(false)} />
      ) : null}
    </section>
  );
}
