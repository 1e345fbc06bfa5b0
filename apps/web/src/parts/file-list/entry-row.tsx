import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Entry } from "../../data/files/entry.ts";
import { formatBytes, formatInstant, formatInstantFully } from "../../words/format.ts";
import { EntryPicture } from "../pictures/entry-picture.tsx";
import { PresentHere } from "../presence/present-here.tsx";
import { EntryMenuButton } from "./entry-menu.tsx";
import { domIdOf, dragType, reachOf, type EntriesProps } from "./list-props.ts";
import styles from "./file-list.module.css";

interface EntryRowProps extends Omit<EntriesProps, "label" | "listRef" | "onKeyDown"> {
  readonly entry: Entry;
  readonly index: number;
  readonly top: number;
}

export function EntryRow({
  entry,
  index,
  top,
  selection,
  cut,
  arriving,
  onSelect,
  onOpen,
  ...drag
}: EntryRowProps): ReactNode {
  const { i18n } = useTranslation();
  const [isTarget, setTarget] = useState(false);
  const isFolder = entry.type === "folder";
  return (
    <div
      id={domIdOf(entry.id)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selection.selected.has(entry.id)}
      data-entry={entry.id}
      data-focus={selection.focus === entry.id}
      data-cut={cut.has(entry.id)}
      data-target={isTarget}
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
      draggable
      onClick={(event) => onSelect(entry, reachOf(event))}
      onDoubleClick={() => onOpen(entry)}
      onDragStart={(event) => drag.onDragStart(entry, event)}
      onDragOver={(event) => {
        if (!isFolder || !event.dataTransfer.types.includes(dragType)) return;
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={(event) => {
        setTarget(false);
        if (!isFolder || !event.dataTransfer.types.includes(dragType)) return;
        event.preventDefault();
        drag.onDropOn(entry);
      }}
    >
      <span role="rowheader" className={styles.name}>
        <span className={styles.picture}>
          <EntryPicture entry={entry} size={22} />
        </span>
        <span className={styles.text}>{entry.name}</span>
        <EntryMarks entry={entry} isArriving={arriving.has(entry.name)} />
      </span>
      <span role="gridcell" className={styles.modified}>
        {entry.modified === null || isFolder ? (
          "–"
        ) : (
          <time dateTime={entry.modified} title={formatInstantFully(entry.modified, i18n.language)}>
            {formatInstant(entry.modified, i18n.language)}
          </time>
        )}
      </span>
      <span role="gridcell" className={styles.size}>
        {entry.type === "file" ? formatBytes(entry.size, i18n.language) : "–"}
      </span>
      <span role="gridcell" className={styles.actions}>
        <EntryMenuButton entry={entry} />
      </span>
    </div>
  );
}

/** What there is to know of an entry, beside its name. */
function EntryMarks({ entry, isArriving }: { readonly entry: Entry; readonly isArriving: boolean }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {entry.mounts === undefined ? null : <span className="visually-hidden">{t("files.shared")}</span>}
      {entry.conflict_of === null ? null : <span className={styles.conflict}>{t("files.conflict")}</span>}
      {isArriving ? <span className={styles.arriving}>{t("files.uploading")}</span> : null}
      <PresentHere fileId={entry.id} />
    </>
  );
}
