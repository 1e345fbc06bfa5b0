import { useEffect, useState, type ReactNode } from "react";
import type { Entry } from "../../data/files/entry.ts";
import { decodeText } from "../../data/preview/decode-text.ts";
import { previewKindOf } from "../../data/preview/preview-kind.ts";
import { useOfflineWords } from "../../words/offline/use-offline-words.ts";
import styles from "./offline-start.module.css";

/** What is shown of a text at most, in bytes. */
const maxTextBytes = 1_000_000;

interface KeptViewProps {
  readonly entry: Entry;
  /** Of its bytes, in this browser. */
  readonly url: string;
}

/** A kept file, shown plainly: pictures and players as the browser has them, anything else as text. */
export function KeptView({ entry, url }: KeptViewProps): ReactNode {
  const kind = previewKindOf(entry);
  return (
    <figure className={styles.view}>
      <figcaption>
        <bdi>{entry.name}</bdi>
      </figcaption>
      {kind === "image" ? <img src={url} alt={entry.name} /> : null}
      {kind === "video" ? <video src={url} controls /> : null}
      {kind === "audio" ? <audio src={url} controls /> : null}
      {kind === "text" || kind === "markdown" || kind === "table" ? <KeptText url={url} /> : null}
    </figure>
  );
}

function KeptText({ url }: { readonly url: string }): ReactNode {
  const { t } = useOfflineWords();
  const [text, setText] = useState<string>();
  useEffect(() => {
    readText(url)
      .then((read) => setText(read ?? t("noText")))
      .catch((error: unknown) => reportError(error));
  }, [url, t]);
  return (
    <pre tabIndex={0} className={styles.text}>
      {text}
    </pre>
  );
}

async function readText(url: string): Promise<string | undefined> {
  const whole = await (await fetch(url)).blob();
  const part = whole.slice(0, maxTextBytes);
  return decodeText(new Uint8Array(await part.arrayBuffer()), { isWhole: part.size === whole.size });
}
