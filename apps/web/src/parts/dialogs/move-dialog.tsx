import { useMemo, useState, type ReactNode } from "react";
import { ArrowUp, Folder } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { EntryId } from "@satchel/protocol";
import type { Entry } from "../../data/files/entry.ts";
import { childPath, namesOf, parentPath } from "../../data/files/path.ts";
import { nameCollator, sortEntries, defaultOrder } from "../../data/files/sort.ts";
import { useFolderId, useFolderView } from "../../data/files/use-folder.ts";
import styles from "./move-dialog.module.css";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

interface MoveDialogProps {
  readonly entries: readonly Entry[];
  readonly startPath: string;
  readonly onFolder: (folderId: EntryId) => void;
  readonly onClose: () => void;
}

/** Where to? The way to move without dragging. */
export function MoveDialog({ entries, startPath, onFolder, onClose }: MoveDialogProps): ReactNode {
  const { t } = useTranslation();
  const [path, setPath] = useState(startPath);
  const folderId = useFolderId(path);
  const choose = (): void => {
    if (!folderId) return;
    onFolder(folderId);
    onClose();
  };
  const name = entries[0]?.name ?? "";
  return (
    <DialogFrame title={t("moveDialog.title", { count: entries.length, name })} onClose={onClose}>
      <p className={styles.path}>/{path}</p>
      <div className={styles.folders}>
        {path === "" ? null : <UpButton path={path} onPath={setPath} />}
        {folderId ? <Folders folderId={folderId} path={path} moved={entries} onPath={setPath} /> : null}
      </div>
      <DialogActions close={t("action.cancel")}>
        <button
          type="button"
          className="button primary"
          onClick={choose}
          disabled={folderId == null || path === startPath}
        >
          {t("moveDialog.submit")}
        </button>
      </DialogActions>
    </DialogFrame>
  );
}

interface PathProps {
  readonly path: string;
  readonly onPath: (path: string) => void;
}

function UpButton({ path, onPath }: PathProps): ReactNode {
  const { t } = useTranslation();
  const above = parentPath(path);
  return (
    <button type="button" className={styles.folder} onClick={() => onPath(above)}>
      <ArrowUp size={18} aria-hidden />
      {t("moveDialog.up", { folder: namesOf(above).at(-1) ?? t("files.title") })}
    </button>
  );
}

interface FoldersProps extends PathProps {
  readonly folderId: EntryId;
  readonly moved: readonly Entry[];
}

function Folders({ folderId, path, moved, onPath }: FoldersProps): ReactNode {
  const { t, i18n } = useTranslation();
  const { listing } = useFolderView(folderId);
  const folders = useMemo(() => {
    // A folder can't go into itself.
    const movedIds = new Set(moved.map(({ id }) => id));
    const sorted = sortEntries(listing.entries, defaultOrder, nameCollator(i18n.language));
    return sorted.filter(({ type, id }) => type === "folder" && !movedIds.has(id));
  }, [listing, moved, i18n.language]);
  if (folders.length === 0 && listing.complete) return <p className={styles.none}>{t("moveDialog.noFolders")}</p>;
  return folders.map(({ id, name }) => (
    <button type="button" key={id} className={styles.folder} onClick={() => onPath(childPath(path, name))}>
      <Folder size={18} aria-hidden />
      {name}
    </button>
  ));
}
