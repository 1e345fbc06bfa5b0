import { useCallback, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { EntryId } from "@satchel/protocol";
import type { Entry } from "../../data/files/entry.ts";
import { useFolderId } from "../../data/files/use-folder.ts";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";
import { FolderChooser } from "./folder-chooser.tsx";

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
  const choose = (): void => {
    if (!folderId) return;
    onFolder(folderId);
    onClose();
  };
  const name = entries[0]?.name ?? "";
  return (
    <DialogFrame title={t("moveDialog.title", { count: entries.length, name })} onClose={onClose}>
      <FolderChooser path={path} folderId={folderId} onPath={setPath} leaveOut={isMoved} />
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
