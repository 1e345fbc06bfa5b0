import type { ReactNode } from "react";
import { useLocation } from "wouter";
import type { Kept, Replace } from "@satchel/api-client";
import type { ConflictedCopy } from "@satchel/protocol";
import { isMergeable } from "../../data/conflicts/read-texts.ts";
import { useResolving } from "../../data/conflicts/use-resolving.ts";
import { isTooLarge, previewKindOf } from "../../data/preview/preview-kind.ts";
import { useConflictWords } from "../../words/conflicts/use-conflict-words.ts";
import { ComparePictures } from "../versions/compare-pictures.tsx";
import { entryOfSide } from "./conflict-side.ts";
import { MergeEditor } from "./merge-editor.tsx";
import { SideFacts } from "./side-facts.tsx";
import styles from "./conflicts.module.css";

interface ConflictViewProps {
  readonly conflict: ConflictedCopy;
}

/** One conflict: both sides beside each other, with what they were made from, and what to keep of them. */
export function ConflictView({ conflict }: ConflictViewProps): ReactNode {
  const { t } = useConflictWords();
  const [, navigate] = useLocation();
  const resolving = useResolving();
  const { path, original_path: original, may_resolve: mayResolve } = conflict;
  const keep = (kept: Kept, replace?: Replace): void => {
    resolving
      .mutateAsync([{ conflict, keep: kept, ...(replace && { replace }) }])
      .then(({ failures }) => {
        // By then this view may be gone with its conflict: what is tied to it would not be called.
        if (failures.length === 0) navigate("/conflicts");
      })
      // Told by the hook.
      .catch(() => undefined);
  };
  return (
    <article className={styles.conflict} aria-labelledby="conflict-path">
      <h2 id="conflict-path">{(original ?? path).replace(/^\//, "")}</h2>
      <div className={styles.sides}>
        <SideFacts conflict={conflict} side="theirs" />
        <SideFacts conflict={conflict} side="mine" />
        <SideFacts conflict={conflict} side="base" />
      </div>
      {mayResolve ? (
        <div className={styles.keep} role="group" aria-label={t("keep.label")}>
          {(["theirs", "mine", "both"] as const)
            .filter((kept) => kept === "mine" || original !== null)
            .map((kept) => (
              <button
                key={kept}
                type="button"
                className="button"
                disabled={resolving.isPending}
                onClick={() => keep(kept)}
              >
                {t(`keep.${kept}`)}
              </button>
            ))}
        </div>
      ) : (
        <p className={styles.lead}>{t("viewOnly")}</p>
      )}
      <Contents
        conflict={conflict}
        isBusy={resolving.isPending || !mayResolve}
        onMerged={(replace) => keep("merged", replace)}
      />
    </article>
  );
}

interface ContentsProps extends ConflictViewProps {
  readonly isBusy: boolean;
  readonly onMerged: (replace: Replace) => void;
}

/** Texts are merged, pictures looked at; of all else there are only the facts. */
function Contents({ conflict, isBusy, onMerged }: ContentsProps): ReactNode {
  const { t } = useConflictWords();
  const [mine, theirs] = [entryOfSide(conflict, "mine"), entryOfSide(conflict, "theirs")];
  if (!mine || !theirs || mine.type !== "file" || theirs.type !== "file") return null;
  const kind = previewKindOf(theirs);
  if (kind === "image" && !isTooLarge(kind, Math.max(mine.size, theirs.size)))
    return <ComparePictures before={theirs} after={mine} startsBeside labels={[t("original"), t("copy")]} />;
  const isText = kind === "text" || kind === "markdown" || kind === "table";
  if (isText && isMergeable(conflict))
    return (
      <MergeEditor
        key={[mine.latest_version, theirs.latest_version].join(" ")}
        conflict={conflict}
        isBusy={isBusy}
        onMerged={onMerged}
      />
    );
  return <p className={styles.lead}>{t("notMerged")}</p>;
}
