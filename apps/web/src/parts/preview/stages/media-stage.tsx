import { useRef, useState, type ReactNode } from "react";
import { Music } from "lucide-react";
import { useShownAddress } from "../../../data/preview/use-shown-address.ts";
import { useSmallPicture } from "../../../data/pictures/use-small-picture.ts";
import { FailedNote } from "../failed-note.tsx";
import { PreviewNote } from "../preview-note.tsx";
import type { StageProps } from "../stage-props.ts";
import { Waiting } from "../waiting.tsx";
import styles from "./media-stage.module.css";

interface MediaStageProps extends StageProps {
  readonly kind: "video" | "audio";
}

/** Plays a file from any place in it: the browser asks for the part that it needs. */
export function MediaStage({ entry, kind, onDownload }: MediaStageProps): ReactNode {
  const address = useShownAddress(entry);
  const poster = useSmallPicture(entry.id, entry.latest_version, 1024);
  const player = usePlayer(address.renew);
  if (address.error) return <FailedNote error={address.error} onRetry={address.renew} onDownload={onDownload} />;
  if (player.failed === "offline") return <PreviewNote reason="offline" onRetry={player.retry} />;
  if (player.failed) return <PreviewNote reason="unreadable" onDownload={onDownload} />;
  if (address.url === undefined) return <Waiting />;
  const shared = {
    src: address.url,
    controls: true,
    preload: "metadata",
    "aria-label": entry.name,
    onTimeUpdate: player.onTimeUpdate,
    onLoadedMetadata: player.onLoadedMetadata,
    onError: player.onError,
  } as const;
  if (kind === "video") return <video className={styles.video} poster={poster ?? undefined} {...shared} />;
  return (
    <div className={styles.audio}>
      <Music size={64} strokeWidth={1.1} aria-hidden />
      <audio {...shared} />
    </div>
  );
}

/** An address ends while a long film plays: the first error after something was played gets another, and goes on from where it was. */
function usePlayer(renew: () => void) {
  const [failed, setFailed] = useState<"offline" | "unreadable">();
  const atSeconds = useRef(0);
  const mayRenew = useRef(false);
  return {
    failed,
    retry: () => {
      setFailed(undefined);
      renew();
    },
    onTimeUpdate: ({ currentTarget }: { currentTarget: HTMLMediaElement }) => {
      if (currentTarget.currentTime === 0) return;
      atSeconds.current = currentTarget.currentTime;
      mayRenew.current = true;
    },
    onLoadedMetadata: ({ currentTarget }: { currentTarget: HTMLMediaElement }) => {
      if (atSeconds.current > 0) currentTarget.currentTime = atSeconds.current;
    },
    onError: () => {
      if (!navigator.onLine) setFailed("offline");
      else if (mayRenew.current) {
        mayRenew.current = false;
        renew();
      } else setFailed("unreadable");
    },
  };
}
