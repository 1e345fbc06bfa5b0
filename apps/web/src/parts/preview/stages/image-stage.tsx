import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useShownAddress } from "../../../data/preview/use-shown-address.ts";
import { FailedNote } from "../failed-note.tsx";
import { PreviewNote } from "../preview-note.tsx";
import type { StageProps } from "../stage-props.ts";
import { Waiting } from "../waiting.tsx";
import styles from "./image-stage.module.css";

/** A picture. Drawings (SVG) too: in a picture's element they run and load nothing. */
export function ImageStage({ entry, zoom, onDownload }: StageProps): ReactNode {
  const { t } = useTranslation();
  const address = useShownAddress(entry);
  const [state, setState] = useState<"loading" | "shown" | "failed">("loading");
  const retry = (): void => {
    setState("loading");
    address.renew();
  };
  if (address.error) return <FailedNote error={address.error} onRetry={retry} onDownload={onDownload} />;
  if (state === "failed" && navigator.onLine) return <PreviewNote reason="unreadable" onDownload={onDownload} />;
  if (state === "failed") return <PreviewNote reason="offline" onRetry={retry} />;
  const size = zoom.scale === 1 ? undefined : { width: `${zoom.scale * 100}%`, height: `${zoom.scale * 100}%` };
  return (
    // Scrolled by keyboard, too, once it is larger than the window.
    <section className={styles.scroll} aria-label={t("preview.picture")} tabIndex={zoom.scale > 1 ? 0 : undefined}>
      {state === "loading" ? <Waiting /> : null}
      {address.url === undefined ? null : (
        <div className={styles.frame} style={size} data-state={state}>
          <img
            key={address.url}
            src={address.url}
            alt={entry.name}
            draggable={false}
            onLoad={() => setState("shown")}
            onError={() => setState("failed")}
            onDoubleClick={zoom.toggle}
          />
        </div>
      )}
    </section>
  );
}
