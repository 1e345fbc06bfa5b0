import { useRef, useState, type DragEvent, type ReactNode } from "react";
import { Upload } from "lucide-react";
import { useTranslation } from "react-i18next";
import styles from "./drop-zone.module.css";

interface DropZoneProps {
  readonly folderName: string;
  /** Whether anything may be dropped here. */
  readonly isOpen: boolean;
  readonly onDrop: (items: DataTransferItemList) => void;
  readonly children: ReactNode;
}

/** Takes files and folders that are dragged in from outside. */
export function DropZone({ folderName, isOpen, onDrop, children }: DropZoneProps): ReactNode {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  // Enter and leave come for every element inside.
  const depth = useRef(0);
  const isFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");
  const step = (by: number): void => {
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  return (
    <div
      className={styles.zone}
      onDragEnter={(event) => {
        if (isFiles(event)) step(1);
      }}
      onDragLeave={(event) => {
        if (isFiles(event)) step(-1);
      }}
      onDragOver={(event) => {
        if (!isFiles(event)) return;
        // Where nothing may be dropped, the browser must not open the file instead.
        event.preventDefault();
        if (!isOpen) event.dataTransfer.dropEffect = "none";
      }}
      onDrop={(event) => {
        if (!isFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        if (isOpen) onDrop(event.dataTransfer.items);
      }}
    >
      {children}
      {isOver && isOpen ? (
        <div className={styles.hint}>
          <Upload size={28} aria-hidden />
          {t("files.dropHere", { folder: folderName })}
        </div>
      ) : null}
    </div>
  );
}
