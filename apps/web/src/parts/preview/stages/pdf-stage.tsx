import { useEffect, useState, type ReactNode } from "react";
import type { PDFDocumentProxy } from "pdfjs-dist";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../data/app-context.ts";
import { openPdf } from "../../../data/preview/open-pdf.ts";
import { useSmallPicture } from "../../../data/pictures/use-small-picture.ts";
import { FailedNote } from "../failed-note.tsx";
import { PreviewNote } from "../preview-note.tsx";
import type { StageProps } from "../stage-props.ts";
import { Waiting } from "../waiting.tsx";
import { PdfPage } from "./pdf-page.tsx";
import styles from "./pdf-stage.module.css";

/** A PDF, page under page. Drawn by pdf.js: what a file holds in scripts, forms or links out is not run. */
export function PdfStage({ entry, zoom, onDownload }: StageProps): ReactNode {
  const { t } = useTranslation();
  const [attempt, setAttempt] = useState(0);
  const { document, error } = usePdf(entry, attempt);
  if (error instanceof Error && /password|invalid/i.test(error.name))
    return <PreviewNote reason="unreadable" onDownload={onDownload} />;
  if (error !== undefined)
    return <FailedNote error={error} onRetry={() => setAttempt(attempt + 1)} onDownload={onDownload} />;
  if (!document) return <PdfCover {...entry} />;
  return (
    <section className={styles.scroll} aria-label={t("preview.pages", { count: document.numPages })} tabIndex={0}>
      {Array.from({ length: document.numPages }, (_, index) => (
        <PdfPage key={index} document={document} number={index + 1} scale={zoom.scale} />
      ))}
    </section>
  );
}

/** The first page as the server drew it, until the file has arrived. */
function PdfCover({ id, latest_version: versionId }: StageProps["entry"]): ReactNode {
  const address = useSmallPicture(id, versionId, 1024);
  return (
    <div className={styles.cover}>
      {typeof address === "string" ? <img src={address} alt="" /> : null}
      <Waiting />
    </div>
  );
}

interface OpenPdf {
  readonly document: PDFDocumentProxy | undefined;
  readonly error: unknown;
}

function usePdf({ id, latest_version: versionId }: StageProps["entry"], attempt: number): OpenPdf {
  const { api } = useApp();
  const [state, setState] = useState<OpenPdf>({ document: undefined, error: undefined });
  useEffect(() => {
    const ending = new AbortController();
    setState({ document: undefined, error: undefined });
    openPdf(api, { id, versionId }, ending.signal)
      .then((document) => setState({ document, error: undefined }))
      .catch((error: unknown) => {
        if (!ending.signal.aborted) setState({ document: undefined, error });
      });
    return () => ending.abort();
  }, [api, id, versionId, attempt]);
  return state;
}
