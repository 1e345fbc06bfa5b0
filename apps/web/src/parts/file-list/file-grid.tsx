import { useEffect, useState, type ReactNode } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslation } from "react-i18next";
import type { Entry } from "../../data/files/entry.ts";
import { EntryPicture } from "../pictures/entry-picture.tsx";
import { PresentHere } from "../presence/present-here.tsx";
import { EntryMenuButton } from "./entry-menu.tsx";
import { domIdOf, dragType, reachOf, type EntriesProps } from "./list-props.ts";
import styles from "./file-grid.module.css";

const tileWidthPx = 148;
const tileHeightPx = 164;

interface FileGridProps extends EntriesProps {
  /** How many tiles stand beside each other: the arrow keys need it. */
  readonly onColumns: (columns: number) => void;
}

/** Entries as tiles. */
export function FileGrid({ listRef, onColumns, ...props }: FileGridProps): ReactNode {
  const { entries, selection, label, onKeyDown } = props;
  const columns = useColumns(listRef, onColumns);
  const virtual = useVirtualizer({
    count: Math.ceil(entries.length / columns),
    getScrollElement: () => listRef.current,
    estimateSize: () => tileHeightPx,
    overscan: 3,
  });
  const focusIndex = selection.focus === undefined ? -1 : entries.findIndex(({ id }) => id === selection.focus);
  useEffect(() => {
    if (focusIndex >= 0) virtual.scrollToIndex(Math.floor(focusIndex / columns), { align: "auto" });
  }, [focusIndex, columns, virtual]);
  return (
    <div
      ref={listRef}
      role="grid"
      aria-label={label}
      aria-multiselectable
      aria-busy={props.isSorting}
      aria-rowcount={Math.ceil(entries.length / columns)}
      aria-activedescendant={selection.focus && focusIndex >= 0 ? domIdOf(selection.focus) : undefined}
      tabIndex={0}
      className={styles.grid}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            className={styles.row}
            style={{
              transform: `translateY(${row.start}px)`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {entries.slice(row.index * columns, (row.index + 1) * columns).map((entry) => (
              <Tile key={entry.id} entry={entry} {...props} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function Tile({
  entry,
  selection,
  cut,
  arriving,
  onSelect,
  onOpen,
  onDragStart,
  onDropOn,
}: Omit<FileGridProps, "listRef" | "onColumns"> & { readonly entry: Entry }): ReactNode {
  const { t } = useTranslation();
  const isFolder = entry.type === "folder";
  return (
    <div
      id={domIdOf(entry.id)}
      role="gridcell"
      aria-selected={selection.selected.has(entry.id)}
      data-entry={entry.id}
      data-focus={selection.focus === entry.id}
      data-cut={cut.has(entry.id)}
      className={styles.tile}
      draggable
      onClick={(event) => onSelect(entry, reachOf(event))}
      onDoubleClick={() => onOpen(entry)}
      onDragStart={(event) => onDragStart(entry, event)}
      onDragOver={(event) => {
        if (isFolder && event.dataTransfer.types.includes(dragType)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!isFolder || !event.dataTransfer.types.includes(dragType)) return;
        event.preventDefault();
        onDropOn(entry);
      }}
    >
      <span className={styles.picture}>
        <EntryPicture entry={entry} size={52} />
      </span>
      <span className={styles.name}>{entry.name}</span>
      {entry.mounts === undefined ? null : <span className="visually-hidden">{t("files.shared")}</span>}
      {arriving.has(entry.name) ? <span className={styles.arriving}>{t("files.uploading")}</span> : null}
      <PresentHere fileId={entry.id} />
      <span className={styles.menu}>
        <EntryMenuButton entry={entry} />
      </span>
    </div>
  );
}

/** As many columns as fit; followed while the window changes. */
function useColumns(listRef: FileGridProps["listRef"], onColumns: (columns: number) => void): number {
  const [columns, setColumns] = useState(1);
  useEffect(() => {
    const list = listRef.current;
    if (!list) return undefined;
    const measure = (): void => {
      const fitting = Math.max(2, Math.floor((list.clientWidth - 16) / tileWidthPx));
      setColumns(fitting);
      onColumns(fitting);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(list);
    measure();
    return () => observer.disconnect();
  }, [listRef, onColumns]);
  return columns;
}
