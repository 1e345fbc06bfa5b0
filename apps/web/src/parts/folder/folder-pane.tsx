import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { rootEntryId, workspaceOfEntry, type EntryId } from "@satchel/protocol";
import { useArriving } from "../../data/devices/use-arriving.ts";
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

/** Few folders are looked at while something comes into them. */
const ArrivingNote = lazy(async () => ({ default: (await import("../devices/arriving-note.tsx")).ArrivingNote }));

interface FolderPaneProps {
  readonly folderId: EntryId;
  readonly path: string;
}

/** A folder, with everything that can be done in it. */
export function FolderPane({ folderId, path }: FolderPaneProps): ReactNode {
  const pane = useFolderPane(folderId, path);
  const arriving = useArriving(folderId);
  const { actions, folderName, settings, change, mayWrite, uploader, setDialog, dialog } = pane;
  const { view, entries, selection, commands } = pane;
  const share = (): void => setDialog({ kind: "share", subject: subjectOf(folderId, folderName) });
  const about = { selection, entries, commands };
  return (
    <EntryActionsProvider value={actions}>
      <section className={styles.pane} aria-label={folderName}>
        <header className={styles.header}>
          <Breadcrumbs path={path} />
          <Toolbar
            settings={settings}
            onChange={change}
            onNewFolder={pane.newFolder}
            onNewFile={() => setDialog({ kind: "new-file" })}
            uploader={uploader}
            mayWrite={mayWrite}
            onShare={path === "" ? undefined : share}
          />
        </header>
        <DropZone folderName={folderName} onDrop={uploader.uploadDrop} isOpen={mayWrite}>
          <FolderMenu {...about} actions={actions} show={setDialog} mayWrite={mayWrite}>
            <Suspense>{arriving.length > 0 ? <ArrivingNote arriving={arriving} /> : null}</Suspense>
            <FolderContent {...pane} arriving={arriving} />
          </FolderMenu>
        </DropZone>
        <FolderStatus view={view} shown={entries.length} selection={selection} actions={actions} />
        <Suspense>
          {dialog ? (
            <FolderDialogs {...about} dialog={dialog} path={path} show={setDialog} onClose={pane.closeDialog} />
          ) : null}
        </Suspense>
        {uploader.dialog}
      </section>
    </EntryActionsProvider>
  );
}

/** What the parts of a folder's page share. */
function useFolderPane(folderId: EntryId, path: string) {
  const { t } = useTranslation();
  const view = useFolderView(folderId);
  const [settings, change] = useViewSettings();
  const [dialog, setDialog] = useState<FolderDialog>();
  const listRef = useRef<HTMLDivElement>(null);
  const columns = useRef(1);
  const { entries, isSorting } = useSortedEntries(view.listing.entries, settings.order);
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
  const common = { settings, change, selection, commands, opening, columns, mayWrite };
  const onKeyDown = useFolderKeys({ ...common, actions, uploader, newFolder });
  const shown = { view, entries, isSorting, folderName, listRef, dialog, setDialog, closeDialog };
  return { ...common, ...shown, actions, uploader, newFolder, onKeyDown };
}

/** The folder itself, as what can be shared: of a shared one, the whole. */
function subjectOf(id: EntryId, name: string): ShareSubject {
  const workspaceId = workspaceOfEntry(id);
  const isWhole = id === rootEntryId(workspaceId);
  return { id, name, type: "folder", ...(isWhole && { mounts: workspaceId }) };
}
