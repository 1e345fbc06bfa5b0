import { useMemo, useState, type ReactNode } from "react";
import { ArrowUp, Folder } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { EntryId } from "@satchel/protocol";
import type { Entry } from "../../data/files/entry.ts";
import { childPath, namesOf, parentPath } from "../../data/files/path.ts";
import { narrowFolders } from "../../data/files/narrow-folders.ts";
import { defaultOrder } from "../../data/files/sort.ts";
import { useSortedEntries } from "../../data/files/use-sorted-entries.ts";
import { useFolderView } from "../../data/files/use-folder.ts";
import styles from "./folder-chooser.module.css";

interface FolderChooserProps {
  readonly path: string;
  /** Of that path; not there while it is looked up. */
  readonly folderId: EntryId | null | undefined;
  readonly onPath: (path: string) => void;
  /** Folders that can't be chosen. */
  readonly leaveOut: (folder: Entry) => boolean;
}

/** A way through the folders, to one of them. */
export function FolderChooser({ path, folderId, onPath, leaveOut }: FolderChooserProps): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <p className={styles.path}>
        <bdi>{[t("files.title"), ...namesOf(path)].join(" / ")}</bdi>
      </p>
      <div className={styles.folders}>
        {path === "" ? null : <UpButton path={path} onPath={onPath} />}
        {folderId ? (
          <Folders key={folderId} folderId={folderId} path={path} leaveOut={leaveOut} onPath={onPath} />
        ) : null}
      </div>
    </>
  );
}

function UpButton({ path, onPath }: Pick<FolderChooserProps, "path" | "onPath">): ReactNode {
  const { t } = useTranslation();
  const above = parentPath(path);
  return (
    <button type="button" className={styles.folder} onClick={() => onPath(above)}>
      <ArrowUp size={18} aria-hidden />
      {t("moveDialog.up", { folder: namesOf(above).at(-1) ?? t("files.title") })}
    </button>
  );
}

/** With fewer there is nothing to look for. */
const minFoldersToFind = 12;

function Folders({ folderId, path, leaveOut, onPath }: FolderChooserProps & { readonly folderId: EntryId }): ReactNode {
  const { t } = useTranslation();
  const { listing } = useFolderView(folderId);
  const { entries, isSorting } = useSortedEntries(listing.entries, defaultOrder);
  const [text, setText] = useState("");
  const { shown, moreCount } = useMemo(() => narrowFolders(entries, { text, leaveOut }), [entries, text, leaveOut]);
  return (
    <>
      {text !== "" || shown.length >= minFoldersToFind ? (
        <input
          type="search"
          className={styles.find}
          value={text}
          placeholder={t("moveDialog.find")}
          aria-label={t("moveDialog.find")}
          onChange={({ target }) => setText(target.value)}
        />
      ) : null}
      {shown.length === 0 && listing.complete && !isSorting ? (
        <p className={styles.none}>{t(text === "" ? "moveDialog.noFolders" : "moveDialog.noneFound")}</p>
      ) : null}
      {shown.map(({ id, name }) => (
        <button type="button" key={id} className={styles.folder} onClick={() => onPath(childPath(path, name))}>
          <Folder size={18} aria-hidden />
          <bdi>{name}</bdi>
        </button>
      ))}
      {moreCount > 0 ? <p className={styles.none}>{t("moveDialog.more", { count: moreCount })}</p> : null}
    </>
  );
}
