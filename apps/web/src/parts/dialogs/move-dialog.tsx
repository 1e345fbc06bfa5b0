import { useCallback, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EntryId } from "@satchel/protocol";
import { crossesBorder } from "../../data/commands/crosses-border.ts";
import type { Entry } from "../../data/files/entry.ts";
import { useFolderId } from "../../data/files/use-folder.ts";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";
import { FolderChooser } from "./folder-chooser.tsx";
import styles from "./move-dialog.module.css";

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
  // A folder can't go into itself.
  const isMoved = useCallback((folder: Entry) => entries.some(({ id }) => id === folder.id), [entries]);
  const isOverBorder = folderId != null && crossesBorder(entries, folderId);
  const isNested = isOverBorder && entries.some(({ mounts }) => mounts !== undefined);
  const choose = (): void => {
    if (!folderId || isNested) return;
    onFolder(folderId);
    onClose();
  };
  const name = entries[0]?.name ?? "";
  return (
    <DialogFrame title={t("moveDialog.title", { count: entries.length, name })} onClose={onClose}>
      <FolderChooser path={path} folderId={folderId} onPath={setPath} leaveOut={isMoved} />
      <p role="status" className={styles.border}>
        {isOverBorder ? t(isNested ? "done.nested" : "moveDialog.border") : null}
      </p>
      <DialogActions close={t("action.cancel")}>
        <button
          type="button"
          className="button primary"
          onClick={choose}
          disabled={folderId == null || path === startPath || isNested}
        >
          {t("moveDialog.submit")}
        </button>
      </DialogActions>
    </DialogFrame>
  );
}
