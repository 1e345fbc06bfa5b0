import { useEffect, useState, type ReactNode } from "react";
import { CloudOff, Download, FileText } from "lucide-react";
import type { Entry } from "../../data/files/entry.ts";
import { keptAddress, keptFiles, showsAsBytes } from "../../data/offline/kept-files.ts";
import { canKeepFiles } from "../../data/offline/kept-ids.ts";
import { previewKindOf } from "../../data/preview/preview-kind.ts";
import { useOfflineWords } from "../../words/offline/use-offline-words.ts";
import { formatBytes } from "../../words/format.ts";
import { KeptView } from "./kept-view.tsx";
import styles from "./offline-start.module.css";

interface Shown {
  readonly entry: Entry;
  readonly url: string;
}

/** Instead of the app, while it begins and the server doesn't answer: what is kept in this browser can be read. */
export function OfflineStart(): ReactNode {
  const { t } = useOfflineWords();
  const [kept, setKept] = useState<readonly Entry[]>([]);
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    if (canKeepFiles()) keptFiles().then(setKept, (error: unknown) => reportError(error));
  }, []);
  const show = (entry: Entry): void => {
    keptAddress({ fileId: entry.id })
      .then((url) => (url === undefined ? undefined : setShown({ entry, url })))
      .catch((error: unknown) => reportError(error));
  };
  return (
    <main className={styles.page}>
      <header className={styles.header} role="status">
        <CloudOff size={48} strokeWidth={1.4} aria-hidden />
        <h1>{t("title")}</h1>
        <p>{t("lead")}</p>
      </header>
      {kept.length > 0 ? (
        <section aria-labelledby="kept-title">
          <h2 id="kept-title">{t("kept")}</h2>
          <ul className={styles.files}>
            {kept.map((entry) => (
              <li key={entry.id}>
                <KeptRow entry={entry} isShown={shown?.entry.id === entry.id} onShow={show} />
              </li>
            ))}
          </ul>
        </section>
      ) : (
        <p className={styles.none}>{t("none")}</p>
      )}
      {shown ? <KeptView key={shown.url} {...shown} /> : null}
    </main>
  );
}

interface KeptRowProps {
  readonly entry: Entry;
  readonly isShown: boolean;
  readonly onShow: (entry: Entry) => void;
}

function KeptRow({ entry, isShown, onShow }: KeptRowProps): ReactNode {
  const { t, i18n } = useOfflineWords();
  const save = (): void => {
    keptAddress({ fileId: entry.id })
      .then((url) => {
        if (url !== undefined) Object.assign(document.createElement("a"), { href: url, download: entry.name }).click();
      })
      .catch((error: unknown) => reportError(error));
  };
  const canShow = !["none", "drawn", "pdf", "zip", "tar"].includes(previewKindOf(entry)) && showsAsBytes(entry);
  return (
    <>
      <FileText size={20} aria-hidden />
      <span className={styles.name}>
        <bdi>{entry.name}</bdi>
      </span>
      <span className={styles.size}>{formatBytes(entry.size, i18n.language)}</span>
      {canShow ? (
        <button type="button" className="button" aria-pressed={isShown} onClick={() => onShow(entry)}>
          {t("show")}
          <span className="visually-hidden"> {entry.name}</span>
        </button>
      ) : null}
      <button type="button" className="button icon" onClick={save} aria-label={t("save", { name: entry.name })}>
        <Download size={18} aria-hidden />
      </button>
    </>
  );
}
