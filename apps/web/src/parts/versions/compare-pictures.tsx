import { useState, type CSSProperties, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Entry } from "../../data/files/entry.ts";
import { useShownAddress } from "../../data/preview/use-shown-address.ts";
import { FailedNote } from "../preview/failed-note.tsx";
import { Waiting } from "../preview/waiting.tsx";
import styles from "./compare-pictures.module.css";

interface ComparePicturesProps {
  readonly before: Entry;
  readonly after: Entry;
  /** Beside each other to begin with. */
  readonly startsBeside?: boolean;
  /** What the two are called; left out: old and new. */
  readonly labels?: readonly [string, string];
}

/** Two pictures in one place: a slider wipes from the old to the new one. Or beside each other. */
export function ComparePictures({ before, after, startsBeside = false, labels }: ComparePicturesProps): ReactNode {
  const { t } = useTranslation();
  const [isBeside, setBeside] = useState(startsBeside);
  const [share, setShare] = useState(50);
  const [old, fresh] = [useShownAddress(before), useShownAddress(after)];
  const [ofOld, ofFresh] = labels ?? [t("versions.before"), t("versions.after")];
  const error = old.error ?? fresh.error;
  if (error)
    return (
      <FailedNote
        error={error}
        onRetry={() => {
          old.renew();
          fresh.renew();
        }}
      />
    );
  if (old.url === undefined || fresh.url === undefined) return <Waiting />;
  return (
    <div className={styles.pictures}>
      <div className={styles.frame} data-beside={isBeside} style={{ "--share": `${share}%` } as CSSProperties}>
        <img src={old.url} alt={ofOld} />
        <img src={fresh.url} alt={ofFresh} />
      </div>
      <div className={styles.controls}>
        {isBeside ? null : (
          <input
            type="range"
            min={0}
            max={100}
            value={share}
            aria-label={t("versions.wipe")}
            onChange={(event) => setShare(event.target.valueAsNumber)}
          />
        )}
        <button type="button" className="button" onClick={() => setBeside(!isBeside)}>
          {isBeside ? t("versions.over") : t("versions.beside")}
        </button>
      </div>
    </div>
  );
}
