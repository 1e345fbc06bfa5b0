import { lazy, Suspense, useState, type ReactNode } from "react";
import { QrCode as QrIcon } from "lucide-react";
import type { NewShareLink } from "@satchel/protocol";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { CopyField } from "../settings/copy-field.tsx";
import styles from "./sharing.module.css";

const QrCode = lazy(async () => ({ default: (await import("./qr-code.tsx")).QrCode }));

interface MadeLinkProps {
  readonly link: NewShareLink;
  readonly onAnother: () => void;
}

/** The address of a new link: to copy, or to be read by a camera. */
export function MadeLink({ link, onAnother }: MadeLinkProps): ReactNode {
  const { t } = useSharingWords();
  const [showsCode, setShowsCode] = useState(false);
  return (
    <div className={styles.made} role="status">
      <CopyField label={t("links.address")} value={link.url} />
      <p className={styles.soft}>{t("links.once")}</p>
      {showsCode ? (
        <Suspense>
          <QrCode text={link.url} label={t("links.qr")} />
        </Suspense>
      ) : null}
      <div className="actions">
        {showsCode ? null : (
          <button type="button" className="button" onClick={() => setShowsCode(true)}>
            <QrIcon size={17} aria-hidden />
            {t("links.showQr")}
          </button>
        )}
        <button type="button" className="button" onClick={onAnother}>
          {t("links.another")}
        </button>
      </div>
    </div>
  );
}
