import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Dialog } from "@base-ui/react/dialog";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Entry } from "../../data/files/entry.ts";
import { isLiveText } from "../../data/live/is-live-text.ts";
import { canZoom, previewKindOf } from "../../data/preview/preview-kind.ts";
import { backKey, forwardKey } from "../../data/reading-direction.ts";
import { useTellOpen } from "../../data/presence/use-present.ts";
import { PreviewBar } from "./preview-bar.tsx";
import { PreviewStage } from "./preview-stage.tsx";
import { useZoom } from "./use-zoom.ts";
import styles from "./preview-dialog.module.css";

const CommentsButton = lazy(async () => ({
  default: (await import("../comments/comments-button.tsx")).CommentsButton,
}));
const CommentsPanel = lazy(async () => ({ default: (await import("../comments/comments-panel.tsx")).CommentsPanel }));

interface PreviewDialogProps {
  readonly entry: Entry;
  /** The files of the folder, in the order of its list: the arrows lead from one to the next. */
  readonly files: readonly Entry[];
  readonly onStep: (entry: Entry) => void;
  readonly onDownload: (entry: Entry) => void;
  readonly onEdit: (entry: Entry) => void;
  readonly onVersions: (entry: Entry) => void;
  readonly onClose: () => void;
}

/** A file, as large as the window, with its neighbours an arrow key away. */
export function PreviewDialog(props: PreviewDialogProps): ReactNode {
  const { entry, files, onStep, onDownload, onEdit, onVersions, onClose } = props;
  const kind = previewKindOf(entry);
  const isZoomed = canZoom(kind, entry.size);
  const zoom = useZoom(entry.id);
  const comments = useCommentsBeside(entry);
  // The frame has the keyboard: arrows are for stepping, and no button is pressed by the space bar that opened it.
  const frame = useRef<HTMLDivElement>(null);
  const place = files.findIndex(({ id }) => id === entry.id);
  const before = files[place - 1];
  const after = files[place + 1];
  useTellOpen(entry.id, "viewing");
  useGone(place, onClose);

  const onKeyDown = (event: KeyboardEvent): void => {
    const work = findWork(event, { before, after, onStep, onClose, zoom: isZoomed ? zoom : undefined });
    if (!work) return;
    event.preventDefault();
    work();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Popup className={styles.preview} onKeyDown={onKeyDown} ref={frame} initialFocus={frame} tabIndex={-1}>
          <PreviewBar
            entry={entry}
            place={place + 1}
            count={files.length}
            zoom={isZoomed ? zoom : undefined}
            onDownload={() => onDownload(entry)}
            onEdit={isLiveText(entry) ? () => onEdit(entry) : undefined}
            onVersions={() => onVersions(entry)}
            comments={comments.button}
          />
          <div className={styles.body}>
            <div className={styles.stage}>
              <PreviewStage
                key={entry.latest_version ?? entry.id}
                entry={entry}
                kind={kind}
                zoom={zoom}
                onDownload={() => onDownload(entry)}
              />
              {before ? <Step to={before} side="before" onStep={onStep} /> : null}
              {after ? <Step to={after} side="after" onStep={onStep} /> : null}
            </div>
            {comments.panel}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface StepProps {
  readonly to: Entry;
  readonly side: "before" | "after";
  readonly onStep: (entry: Entry) => void;
}

function Step({ to, side, onStep }: StepProps): ReactNode {
  const { t } = useTranslation();
  const Arrow = side === "before" ? ChevronLeft : ChevronRight;
  const words = t(`preview.${side}`, { name: to.name });
  return (
    <button type="button" className={styles.step} data-side={side} onClick={() => onStep(to)} aria-label={words}>
      <Arrow size={22} aria-hidden />
    </button>
  );
}

/** What people say about a text, beside it; nothing for other files. [CM10] */
function useCommentsBeside(entry: Entry): { readonly button: ReactNode; readonly panel: ReactNode } {
  const [isOpen, open] = useState(false);
  const { id } = entry;
  if (!isLiveText(entry)) return { button: null, panel: null };
  return {
    button: (
      <Suspense>
        <CommentsButton fileId={id} onClick={() => open(!isOpen)} />
      </Suspense>
    ),
    panel: isOpen ? (
      <Suspense>
        <CommentsPanel key={id} fileId={id} onClose={() => open(false)} />
      </Suspense>
    ) : null,
  };
}

/** A file that was deleted, or moved away, while it was looked at. */
function useGone(place: number, onClose: () => void): void {
  const [wasThere, setWasThere] = useState(false);
  useEffect(() => {
    if (place >= 0) setWasThere(true);
    else if (wasThere) onClose();
  }, [place, wasThere, onClose]);
}

interface KeyParts {
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
  readonly onStep: (entry: Entry) => void;
  readonly onClose: () => void;
  readonly zoom: ReturnType<typeof useZoom> | undefined;
}

function findWork(event: KeyboardEvent, { before, after, onStep, onClose, zoom }: KeyParts): (() => void) | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const { key, target } = event;
  // Players and fields have the arrows and the space bar for themselves.
  const isTheirs =
    target instanceof HTMLMediaElement || target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  const isOnControl = isTheirs || target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  const steps: Record<string, Entry | undefined> = isTheirs ? {} : { [backKey()]: before, [forwardKey()]: after };
  const neighbour = steps[key];
  if (neighbour) return () => onStep(neighbour);
  if (key === " " && !isOnControl) return onClose;
  if (key === "+" || key === "=") return zoom?.closer;
  if (key === "-") return zoom?.farther;
  return key === "0" ? zoom?.fit : undefined;
}
