import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { rootEntryId, workspaceOfEntry, type EntryId } from "@satchel/protocol";
import { namesOf } from "../../data/files/path.ts";
import { useSortedEntries } from "../../data/files/use-sorted-entries.ts";
import { useFolderView } from "../../data/files/use-folder.ts";
import { useViewSettings } from "../../data/files/view-settings.ts";
import { EntryActionsProvider } from "../file-list/entry-actions.ts";
import { useMayWrite } from "../../data/sharing/use-shares.ts";
import { DropZone } from "../uploads/drop-zone.tsx";
import { useUploader } from "../uploads/use-uploader.tsx";
import type { ShareSubject } from "../sharing/share-dialog.tsx";
import { Breadcrumbs } from "./breadcrumbs.tsx";
import { FolderContent } from "./folder-content.tsx";
import type { FolderDialog } from "./folder-dialogs.tsx";
import { FolderMenu } from "./folder-menu.tsx";
import { FolderStatus } from "./folder-status.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useActions } from "./use-actions.ts";
import { useFolderCommands } from "./use-folder-commands.ts";
import { useFolderKeys } from "./use-folder-keys.ts";
import { useOpening } from "./use-opening.ts";
import { useSelection } from "./use-selection.ts";
import styles from "./folder-pane.module.css";

/** Questions come after the first look at a folder, and so does their code. */
const FolderDialogs = lazy(async () => ({ default: (await import("./folder-dialogs.tsx")).FolderDialogs }));

interface FolderPaneProps {
  readonly folderId: EntryId;
  readonly path: string;
}

/** A folder, with everything that can be done in it. */
export function FolderPane({ folderId, path }: FolderPaneProps): ReactNode {
  const { t } = useTranslation();
  const view = useFolderView(folderId);
  const [settings, change] = useViewSettings();
  const [dialog, setDialog] = useState<FolderDialog>();
  const listRef = useRef<HTMLDivElement>(null);
  const columns = useRef(1);
  const entries = useSortedEntries(view.listing.entries, settings.order);
  const selection = useSelection(entries);
  const folderName = namesOf(path).at(-1) ?? t("files.title");
  const commands = useFolderCommands(view.listing, folderName);
  const opening = useOpening(path, setDialog);
  const mayWrite = useMayWrite(folderId);
  const uploader = useUploader(folderId);
  const closeDialog = useCallback(() => {
    setDialog(undefined);
    listRef.current?.focus();
  }, []);
  const actions = useActions({ selection, commands, opening, show: setDialog, mayWrite });
  const newFolder = useCallback(() => setDialog({ kind: "new-folder" }), []);
  const shown = { settings, change };
  const onKeyDown = useFolderKeys({
    selection,
    actions,
    commands,
    opening,
    uploader,
    columns,
    newFolder,
    mayWrite,
    ...shown,
  });
  const content = {
    view,
    entries,
    selection,
    settings,
    change,
    listRef,
    columns,
    commands,
    opening,
    onKeyDown,
    mayWrite,
  };

  return (
    <EntryActionsProvider value={actions}>
      <section className={styles.pane} aria-label={folderName}>
        <header className={styles.header}>
          <Breadcrumbs path={path} />
          <Toolbar
            settings={settings}
            onChange={change}
            onNewFolder={newFolder}
            onNewFile={() => setDialog({ kind: "new-file" })}
            uploader={uploader}
            mayWrite={mayWrite}
            onShare={
              path === "" ? undefined : () => setDialog({ kind: "share", subject: subjectOf(folderId, folderName) })
            }
          />
        </header>
        <DropZone folderName={folderName} onDrop={uploader.uploadDrop} isOpen={mayWrite}>
          <FolderMenu
            selection={selection}
            entries={entries}
            actions={actions}
            commands={commands}
            show={setDialog}
            mayWrite={mayWrite}
          >
            <FolderContent folderName={folderName} {...content} />
          </FolderMenu>
        </DropZone>
        <FolderStatus view={view} selection={selection} actions={actions} />
        <Suspense>
          {dialog ? (
            <FolderDialogs
              dialog={dialog}
              entries={entries}
              selection={selection}
              commands={commands}
              path={path}
              show={setDialog}
              onClose={closeDialog}
            />
          ) : null}
        </Suspense>
        {uploader.dialog}
      </section>
    </EntryActionsProvider>
  );
}

/** The folder itself, as what can be shared: of a shared one, the whole. */
function subjectOf(id: EntryId, name: string): ShareSubject {
  const workspaceId = workspaceOfEntry(id);
  const isWhole = id === rootEntryId(workspaceId);
  return { id, name, type: "folder", ...(isWhole && { mounts: workspaceId }) };
}
