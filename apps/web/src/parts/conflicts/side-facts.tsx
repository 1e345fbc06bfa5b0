import { useId, type ReactNode } from "react";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ConflictedCopy } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { startDownload } from "../../data/files/download.ts";
import { useConflictWords } from "../../words/conflicts/use-conflict-words.ts";
import { formatBytes, formatInstantFully } from "../../words/format.ts";
import { whoMade } from "../../words/who-made.ts";
import { entryOfSide, sideOf, type Side } from "./conflict-side.ts";
import styles from "./conflicts.module.css";

const titles = { mine: "copy", theirs: "original", base: "base" } as const;

interface SideFactsProps {
  readonly conflict: ConflictedCopy;
  readonly side: Side;
}

/** Who saved a side, when and where, how large it is, and the way to have it. */
export function SideFacts({ conflict, side }: SideFactsProps): ReactNode {
  const { t } = useConflictWords();
  const { t: tell, i18n } = useTranslation();
  const { api } = useApp();
  const id = useId();
  const version = sideOf(conflict, side);
  const entry = entryOfSide(conflict, side);
  const title = t(titles[side]);
  const download = (): void => {
    if (entry && version) startDownload(api, entry, version.version).catch((error: unknown) => reportError(error));
  };
  return (
    <section className={styles.side} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {version ? (
        <>
          <dl>
            <dt>{t("by")}</dt>
            <dd>
              {version.device === null
                ? whoMade(version, i18n.language)
                : t("onDevice", { author: whoMade(version, i18n.language), device: version.device })}
            </dd>
            <dt>{t("saved")}</dt>
            <dd>{formatInstantFully(version.created, i18n.language)}</dd>
            <dt>{t("size")}</dt>
            <dd>{formatBytes(version.size, i18n.language)}</dd>
          </dl>
          {entry?.type === "file" ? (
            <button
              type="button"
              className="button quiet"
              aria-label={t("downloadOf", { what: title })}
              onClick={download}
            >
              <Download size={16} aria-hidden />
              {t("download")}
            </button>
          ) : null}
        </>
      ) : (
        <p>{withoutVersion()}</p>
      )}
    </section>
  );

  function withoutVersion(): string {
    if (side === "base") return t("noBase");
    const type = side === "mine" ? conflict.type : conflict.original_type;
    return type === null ? t("deleted") : tell(`files.${type}`);
  }
}
