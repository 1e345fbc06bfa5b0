import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSmallPicture } from "../../../data/pictures/use-small-picture.ts";
import { PreviewNote } from "../preview-note.tsx";
import type { StageProps } from "../stage-props.ts";
import { Waiting } from "../waiting.tsx";
import styles from "./image-stage.module.css";

/** What browsers can't show: the picture that the server draws of it. */
export function DrawnStage({ entry, zoom, onDownload }: StageProps): ReactNode {
  const { t } = useTranslation();
  const address = useSmallPicture(entry.id, entry.latest_version, 1024);
  if (address === null) return <PreviewNote reason="undrawn" onDownload={onDownload} />;
  if (address === undefined) return navigator.onLine ? <Waiting /> : <PreviewNote reason="offline" />;
  const size = zoom.scale === 1 ? undefined : { width: `${zoom.scale * 100}%`, height: `${zoom.scale * 100}%` };
  return (
    <section className={styles.scroll} aria-label={t("preview.picture")} tabIndex={zoom.scale > 1 ? 0 : undefined}>
      <div className={styles.frame} style={size}>
        <img src={address} alt={entry.name} draggable={false} onDoubleClick={zoom.toggle} />
      </div>
      <p className={styles.drawn}>{t("preview.drawn")}</p>
    </section>
  );
}
