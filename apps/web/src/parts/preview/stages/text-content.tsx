import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { maxTextBytes, useText } from "../../../data/preview/use-text.ts";
import { formatBytes } from "../../../words/format.ts";
import { FailedNote } from "../failed-note.tsx";
import { PreviewNote } from "../preview-note.tsx";
import type { StageProps } from "../stage-props.ts";
import { Waiting } from "../waiting.tsx";
import styles from "./text-content.module.css";

interface TextContentProps extends StageProps {
  readonly children: (text: string) => ReactNode;
}

/** A file's text, or its beginning, once it was read; or that it isn't text. */
export function TextContent({ entry, onDownload, children }: TextContentProps): ReactNode {
  const { t, i18n } = useTranslation();
  const { text, error, retry } = useText(entry);
  if (error) return <FailedNote error={error} onRetry={retry} onDownload={onDownload} />;
  if (text === undefined) return <Waiting />;
  if (text === null) return <PreviewNote reason="none" onDownload={onDownload} />;
  return (
    <section className={styles.scroll} aria-label={entry.name} tabIndex={0}>
      {entry.size > maxTextBytes ? (
        <p className={styles.cut}>{t("preview.cut", { size: formatBytes(maxTextBytes, i18n.language) })}</p>
      ) : null}
      {children(text)}
    </section>
  );
}
