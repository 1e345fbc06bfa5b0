import { useEffect, type ReactNode } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslation } from "react-i18next";
import type { SortColumn, SortOrder } from "../../data/files/sort.ts";
import { EntryRow } from "./entry-row.tsx";
import { domIdOf, type EntriesProps } from "./list-props.ts";
import styles from "./file-list.module.css";

const rowHeightPx = 44;
/** Rows drawn beyond those that are seen. */
const overscan = 12;

interface FileListProps extends EntriesProps {
  readonly order: SortOrder;
  readonly onOrder: (order: SortOrder) => void;
}

const columns = ["name", "modified", "size"] as const satisfies readonly SortColumn[];

/** Entries in rows. Only those in sight are in the page, however many there are. */
export function FileList({ order, onOrder, listRef, ...props }: FileListProps): ReactNode {
  const { t } = useTranslation();
  const { entries, selection, label, onKeyDown } = props;
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => listRef.current,
    estimateSize: () => rowHeightPx,
    overscan,
    getItemKey: (index) => entries[index]?.id ?? index,
    // The header stays on top and must not hide the row that the keyboard is on.
    scrollPaddingStart: rowHeightPx,
  });
  const focusIndex = selection.focus === undefined ? -1 : entries.findIndex(({ id }) => id === selection.focus);
  useEffect(() => {
    if (focusIndex >= 0) virtual.scrollToIndex(focusIndex, { align: "auto" });
  }, [focusIndex, virtual]);

  return (
    <div
      ref={listRef}
      role="grid"
      aria-label={label}
      aria-multiselectable
      aria-busy={props.isSorting}
      aria-rowcount={entries.length + 1}
      aria-activedescendant={selection.focus && focusIndex >= 0 ? domIdOf(selection.focus) : undefined}
      tabIndex={0}
      className={styles.list}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className={styles.header}>
        {columns.map((column) => (
          <ColumnHeader key={column} column={column} order={order} onOrder={onOrder} />
        ))}
        <span role="columnheader">
          <span className="visually-hidden">{t("action.more")}</span>
        </span>
      </div>
      <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const entry = entries[index];
          if (!entry) return null;
          return <EntryRow key={key} entry={entry} index={index} top={start} {...props} />;
        })}
      </div>
    </div>
  );
}

interface ColumnHeaderProps {
  readonly column: SortColumn;
  readonly order: SortOrder;
  readonly onOrder: (order: SortOrder) => void;
}

function ColumnHeader({ column, order, onOrder }: ColumnHeaderProps): ReactNode {
  const { t } = useTranslation();
  const isSorted = order.column === column;
  const direction = order.descending ? "descending" : "ascending";
  return (
    <span role="columnheader" aria-sort={isSorted ? direction : "none"} className={styles[column]}>
      <button
        type="button"
        className={styles.sort}
        onClick={() => onOrder({ column, descending: isSorted && !order.descending })}
      >
        {t(`files.${column}`)}
        <span aria-hidden>{isSorted ? (order.descending ? "↓" : "↑") : ""}</span>
      </button>
    </span>
  );
}
