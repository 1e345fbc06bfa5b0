import type { ReactNode } from "react";
import {
  CircleAlert,
  CloudOff,
  Download,
  EyeOff,
  File,
  ImageOff,
  RotateCw,
  Scale,
  type LucideIcon,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import styles from "./preview-note.module.css";

/** Why a file isn't shown. */
export type NoPreview = "none" | "undrawn" | "large" | "empty" | "unreadable" | "offline" | "failed";

const icons: Readonly<Record<NoPreview, LucideIcon>> = {
  none: EyeOff,
  undrawn: ImageOff,
  large: Scale,
  empty: File,
  unreadable: CircleAlert,
  offline: CloudOff,
  failed: CircleAlert,
};

interface PreviewNoteProps {
  readonly reason: NoPreview;
  readonly onDownload?: (() => void) | undefined;
  readonly onRetry?: (() => void) | undefined;
}

/** Stands where a file can't be shown: says why, and what can be done instead. */
export function PreviewNote({ reason, onDownload, onRetry }: PreviewNoteProps): ReactNode {
  const { t } = useTranslation();
  const Icon = icons[reason];
  return (
    <div className={styles.note} role="status">
      <Icon size={44} strokeWidth={1.3} aria-hidden />
      <h3>{t(`preview.note.${reason}.title`)}</h3>
      <p>{t(`preview.note.${reason}.lead`)}</p>
      <div className={styles.actions}>
        {onRetry ? (
          <button type="button" className="button" onClick={onRetry}>
            <RotateCw size={17} aria-hidden />
            {t("files.retry")}
          </button>
        ) : null}
        {onDownload ? (
          <button type="button" className="button primary" onClick={onDownload}>
            <Download size={17} aria-hidden />
            {t("action.download")}
          </button>
        ) : null}
      </div>
    </div>
  );
}
