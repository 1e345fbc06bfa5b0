import {
  useEffect,
  useMemo,
  useSyncExternalStore,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from "react";
import { CloudOff, FolderOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { EntryId } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { clipboard } from "../../data/commands/clipboard.ts";
import type { Arriving } from "../../data/devices/device-reports.ts";
import { contentsOf, type Entry } from "../../data/files/entry.ts";
import type { FolderView } from "../../data/files/folder-store.ts";
import type { ViewSettings } from "../../data/files/view-settings.ts";
import { FileGrid } from "../file-list/file-grid.tsx";
import { FileList } from "../file-list/file-list.tsx";
import { dragType, type EntriesProps } from "../file-list/list-props.ts";
import type { FolderCommands } from "./use-folder-commands.ts";
import type { Opening } from "./use-opening.ts";
import type { FolderSelection } from "./use-selection.ts";

interface FolderContentProps {
  readonly folderName: string;
  readonly view: FolderView;
  readonly entries: readonly Entry[];
  /** They are about to change places, or to be more. */
  readonly isSorting: boolean;
  readonly arriving: readonly Arriving[];
  readonly selection: FolderSelection;
  readonly settings: ViewSettings;
  readonly change: (change: Partial<ViewSettings>) => void;
  readonly listRef: RefObject<HTMLDivElement | null>;
  readonly columns: RefObject<number>;
  readonly commands: FolderCommands;
  readonly opening: Opening;
  readonly mayWrite: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const nothingCut: ReadonlySet<EntryId> = new Set();

/** What is in the folder, or why nothing is shown. */
export function FolderContent(props: FolderContentProps): ReactNode {
  const {
    view,
    entries,
    isSorting,
    arriving,
    selection,
    settings,
    change,
    listRef,
    columns,
    commands,
    opening,
    mayWrite,
    onKeyDown,
  } = props;
  const { t } = useTranslation();
  const isReading = !view.listing.complete || isSorting;
  const arrivingNames = useMemo(() => new Set(arriving.flatMap(({ names }) => names)), [arriving]);
  const clip = useSyncExternalStore(clipboard.watch, clipboard.get);
  useArrivingFocus(listRef, entries.length > 0 ? "list" : isReading ? "reading" : "empty");
  if (view.error !== undefined && entries.length === 0) return <FolderProblem folderId={view.listing.folderId} />;
  if (entries.length === 0 && isReading) return <p className="empty">{t("app.loading")}</p>;
  if (entries.length === 0) return <EmptyFolder listRef={listRef} mayWrite={mayWrite} onKeyDown={onKeyDown} />;

  const list: EntriesProps = {
    label: t("files.listLabel", { folder: props.folderName }),
    entries,
    isSorting,
    arriving: arrivingNames,
    selection: selection.current,
    cut: clip?.kind === "cut" ? new Set(clip.entries.map(({ id }) => id)) : nothingCut,
    listRef,
    onKeyDown,
    onSelect: (entry, reach) => selection.select(entry.id, reach),
    onOpen: opening.open,
    onDragStart: (entry, event) => (mayWrite ? startDrag(entry, event, selection) : event.preventDefault()),
    onDropOn: (folder) => {
      const dragged = selection.selectedEntries().filter(({ id }) => id !== folder.id);
      if (dragged.length > 0)
        commands.moveTo(dragged, contentsOf(folder)).catch((error: unknown) => reportError(error));
    },
  };
  if (settings.mode === "list")
    return <FileList {...list} order={settings.order} onOrder={(order) => change({ order })} />;
  return (
    <FileGrid
      {...list}
      onColumns={(count) => {
        columns.current = count;
      }}
    />
  );
}

/** Whoever opens a folder, or empties it, goes on with the keyboard there, unless they are somewhere else already. */
function useArrivingFocus(listRef: RefObject<HTMLDivElement | null>, shown: "list" | "empty" | "reading"): void {
  useEffect(() => {
    if (shown !== "reading" && document.activeElement === document.body) listRef.current?.focus();
  }, [shown, listRef]);
}

function startDrag(entry: Entry, event: DragEvent, selection: FolderSelection): void {
  // Dragging something that isn't selected drags it alone.
  if (!selection.current.selected.has(entry.id)) selection.select(entry.id, "alone");
  event.dataTransfer.setData(dragType, entry.id);
  event.dataTransfer.effectAllowed = "move";
}

interface EmptyFolderProps {
  readonly listRef: RefObject<HTMLDivElement | null>;
  readonly mayWrite: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** Takes the keyboard as a list would: pasting works in an empty folder, too. */
function EmptyFolder({ listRef, mayWrite, onKeyDown }: EmptyFolderProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="empty" ref={listRef} tabIndex={-1} onKeyDown={onKeyDown}>
      <FolderOpen size={56} strokeWidth={1.2} aria-hidden />
      <h2>{t("files.emptyTitle")}</h2>
      <p>{mayWrite ? t("files.emptyLead") : t("files.emptyViewLead")}</p>
    </div>
  );
}

function FolderProblem({ folderId }: { readonly folderId: EntryId }): ReactNode {
  const { t } = useTranslation();
  const { workspace } = useApp();
  return (
    <div className="empty" role="alert">
      <CloudOff size={48} strokeWidth={1.4} aria-hidden />
      <h2>{t("files.errorTitle")}</h2>
      <button type="button" className="button" onClick={() => workspace.folders.reload(folderId)}>
        {t("files.retry")}
      </button>
    </div>
  );
}
