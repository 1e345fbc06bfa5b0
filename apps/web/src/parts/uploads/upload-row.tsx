import type { ReactNode } from "react";
import { CircleAlert, CircleCheck, RotateCw, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { isUnfinished, type Upload, type UploadQueue } from "../../data/uploads/upload-queue.ts";
import { formatPercent } from "../../words/format.ts";
import { problemWords } from "../../words/words.ts";
import styles from "./upload-panel.module.css";

interface UploadRowProps {
  readonly upload: Upload;
  readonly queue: UploadQueue;
  /** The network is away. */
  readonly offline: boolean;
}

/** One file on its way. */
export function UploadRow({ upload, queue, offline }: UploadRowProps): ReactNode {
  const { t } = useTranslation();
  const { key, name, state } = upload;
  return (
    <li className={styles.row} data-state={state}>
      <span className={styles.name} title={name}>
        {name}
      </span>
      <StateWords upload={upload} offline={offline} />
      {state === "failed" ? (
        <button
          type="button"
          className="button quiet icon"
          aria-label={t("uploads.retryName", { name })}
          onClick={() => queue.retry(key)}
        >
          <RotateCw size={16} aria-hidden />
        </button>
      ) : null}
      {isUnfinished(upload) ? (
        <button
          type="button"
          className="button quiet icon"
          aria-label={t("uploads.cancelName", { name })}
          onClick={() => queue.cancel(key)}
        >
          <X size={16} aria-hidden />
        </button>
      ) : null}
    </li>
  );
}

function StateWords({ upload, offline }: Pick<UploadRowProps, "upload" | "offline">): ReactNode {
  const { t, i18n } = useTranslation();
  const { state, sentBytes, sizeBytes, failure } = upload;
  if (state === "done")
    return (
      <span className={styles.done}>
        <CircleCheck size={17} aria-hidden />
        <span className="visually-hidden">{t("uploads.done")}</span>
      </span>
    );
  if (state === "failed")
    return (
      <span className={styles.failed}>
        <CircleAlert size={17} aria-hidden />
        {problemWords(t, failure ?? "internal")}
      </span>
    );
  if (state !== "uploading") return <span className={styles.state}>{t(`uploads.${state}`)}</span>;
  if (offline) return <span className={styles.state}>{t("uploads.waiting")}</span>;
  const percent = formatPercent(sizeBytes === 0 ? 0 : sentBytes / sizeBytes, i18n.language);
  return <span className={styles.state}>{t("uploads.uploading", { percent })}</span>;
}
