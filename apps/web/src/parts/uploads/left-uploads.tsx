import type { ReactNode } from "react";
import { Play } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { RememberedUpload } from "../../data/uploads/upload-memory.ts";
import type { UploadQueue } from "../../data/uploads/upload-queue.ts";
import { formatBytes } from "../../words/format.ts";
import { pickByInput } from "./pick-files.ts";
import styles from "./left-uploads.module.css";

interface LeftUploadsProps {
  readonly left: readonly RememberedUpload[];
  readonly queue: UploadQueue;
}

/** What was not finished when the page was left. The server keeps what came already: only the rest is sent. */
export function LeftUploads({ left, queue }: LeftUploadsProps): ReactNode {
  const { t, i18n } = useTranslation();
  const canReopen = left.some(({ handle }) => handle !== undefined);
  const size = formatBytes(
    left.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    i18n.language,
  );
  const goOn = (): void => {
    if (canReopen) return void queue.continueLeft().catch((error: unknown) => reportError(error));
    const isFolder = left.some(({ path }) => path.includes("/"));
    pickByInput(isFolder, (files) => {
      queue.continueWith(files).catch((error: unknown) => reportError(error));
    });
  };
  return (
    <section className={styles.left} aria-label={t("uploads.leftTitle")}>
      <strong role="status">{t("uploads.leftFiles", { count: left.length, size })}</strong>
      <p>
        {left.length === 1 ? left[0]?.name : t("uploads.leftNames", { name: left[0]?.name, count: left.length - 1 })}
      </p>
      {canReopen ? null : <p>{t("uploads.leftPick")}</p>}
      <div className={styles.actions}>
        <button
          type="button"
          className="button"
          onClick={() => void queue.dropLeft().catch((error: unknown) => reportError(error))}
        >
          {t("uploads.leftDrop")}
        </button>
        <button type="button" className="button primary" onClick={goOn}>
          <Play size={16} aria-hidden />
          {canReopen ? t("uploads.leftContinue") : t("uploads.leftChoose")}
        </button>
      </div>
    </section>
  );
}
