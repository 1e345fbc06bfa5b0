import { useEffect, useState, type ReactNode, type SubmitEvent } from "react";
import { useQuery } from "@tanstack/react-query";
import type { ActivityRecord, EntryId, RestorePreview } from "@satchel/protocol";
import { useHistoryCalls } from "../../data/files/use-activity.ts";
import { useActivityWords } from "../../words/activity/use-activity-words.ts";
import { formatInstantFully } from "../../words/format.ts";
import styles from "./rewind.module.css";
import { useRewind } from "./use-rewind.ts";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

/** What would change is asked for when the slider has come to rest. */
const settleMs = 250;
/** The most changes that are listed; the others are counted. */
const maxShown = 100;

interface RewindDialogProps {
  readonly folderId: EntryId;
  readonly folder: string;
  /** Newest first; at least one. */
  readonly records: readonly ActivityRecord[];
  readonly onClose: () => void;
}

/** Chooses an instant over a folder's activity, shows what going back there would change, and does it. */
export function RewindDialog({ folderId, folder, records, onClose }: RewindDialogProps): ReactNode {
  const { t, i18n } = useActivityWords();
  // The activity goes on while the dialog is open; its instants are those of its opening.
  const [instants] = useState(() => instantsOf(records));
  const [at, setAt] = useState(instants.length - 2);
  const chosen = useSettled(instants[Math.max(0, at)] ?? "");
  const history = useHistoryCalls();
  const preview = useQuery({
    queryKey: ["rewind", folderId, chosen],
    queryFn: ({ signal }) => history.previewRestore({ fileId: folderId, at: chosen }, { signal }),
    gcTime: 0,
  });
  const rewind = useRewind(folderId);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    rewind({ at: chosen, undoAt: instants.at(-1) ?? chosen });
    onClose();
  };
  const first = instants[1];
  const words =
    at <= 0 && first !== undefined
      ? t("rewind.before", { time: formatInstantFully(first, i18n.language) })
      : formatInstantFully(instants[at] ?? chosen, i18n.language);
  return (
    <DialogFrame title={t("rewind.title", { folder })} lead={t("rewind.lead")} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <div className={styles.slider}>
          <label htmlFor="rewind-instant">
            {t("rewind.instant")}
            <output htmlFor="rewind-instant">{words}</output>
          </label>
          <input
            id="rewind-instant"
            type="range"
            min={0}
            max={instants.length - 1}
            value={Math.max(0, at)}
            aria-valuetext={words}
            onChange={(event) => setAt(event.target.valueAsNumber)}
          />
        </div>
        {preview.data ? <Changes preview={preview.data} /> : <p aria-busy="true">{t("rewind.looking")}</p>}
        <DialogActions close={t("cancel")}>
          <button type="submit" className="button primary" disabled={!preview.data?.restored}>
            {t("rewind.apply")}
          </button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}

function Changes({ preview: { restored, changes } }: { readonly preview: RestorePreview }): ReactNode {
  const { t } = useActivityWords();
  if (restored === 0) return <p>{t("rewind.nothing")}</p>;
  const shown = changes.slice(0, maxShown);
  return (
    <>
      <p>{t("rewind.would", { count: restored })}</p>
      <ul className={styles.changes} aria-label={t("rewind.changes")} tabIndex={0}>
        {shown.map(({ file_id: id, path, kind }) => (
          <li key={id}>
            <bdi>{path}</bdi>
            <small>{t(`rewind.kind.${kind}`)}</small>
          </li>
        ))}
      </ul>
      {restored > shown.length ? <p>{t("rewind.more", { count: restored - shown.length })}</p> : null}
    </>
  );
}

/** The instants of the records, oldest first, and the one before them all. What was done at once is one. */
function instantsOf(records: readonly ActivityRecord[]): string[] {
  const instants = [...new Set(records.map(({ at }) => at))].toSorted();
  const [first] = instants;
  return first === undefined ? [] : [new Date(Date.parse(first) - 1).toISOString(), ...instants];
}

/** The value, once it has stayed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
