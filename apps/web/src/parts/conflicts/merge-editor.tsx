import { useMemo, useState, type ReactNode } from "react";
import type { Replace } from "@satchel/api-client";
import type { ConflictPiece, Piece } from "@satchel/merge";
import type { ConflictedCopy } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { draftMerge, isOpen, textOfChoices, type PieceChoice } from "../../data/conflicts/merge-draft.ts";
import { useConflictTexts } from "../../data/conflicts/read-texts.ts";
import { savingMerge } from "../../data/conflicts/save-merge.ts";
import { useConflictWords } from "../../words/conflicts/use-conflict-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { nameOfPath } from "./conflict-side.ts";
import styles from "./conflicts.module.css";

interface MergeEditorProps {
  readonly conflict: ConflictedCopy;
  readonly isBusy: boolean;
  readonly onMerged: (replace: Replace) => void;
}

/** A text in pieces: what is settled, and for each place that both sides changed, whose it is to be. */
export function MergeEditor({ conflict, isBusy, onMerged }: MergeEditorProps): ReactNode {
  const { t } = useConflictWords();
  const texts = useConflictTexts(conflict);
  const name = nameOfPath(conflict.original_path ?? conflict.path);
  return (
    <Loaded query={texts}>
      {(found) =>
        found === null ? (
          <p className={styles.lead}>{t("notMerged")}</p>
        ) : (
          <Pieces
            pieces={draftMerge(name, found)}
            madeFrom={conflict.theirs?.version}
            isBusy={isBusy}
            onMerged={onMerged}
          />
        )
      }
    </Loaded>
  );
}

interface PiecesProps extends Pick<MergeEditorProps, "isBusy" | "onMerged"> {
  readonly pieces: readonly Piece[];
  readonly madeFrom: NonNullable<ConflictedCopy["theirs"]>["version"] | undefined;
}

function Pieces({ pieces, madeFrom, isBusy, onMerged }: PiecesProps): ReactNode {
  const { t } = useConflictWords();
  const { api } = useApp();
  const [choices, setChoices] = useState<ReadonlyMap<number, PieceChoice>>(new Map());
  const numbers = useMemo(() => numberOpen(pieces), [pieces]);
  const text = textOfChoices(pieces, choices);
  const save = (): void => {
    if (text !== undefined && madeFrom !== undefined) onMerged(savingMerge(api, text, madeFrom));
  };
  return (
    <section className={styles.merge} aria-label={t("merge.label")}>
      <p className={styles.lead}>{numbers.size === 0 ? t("merge.clean") : t("merge.open", { count: numbers.size })}</p>
      {pieces.map((piece, place) =>
        isOpen(piece) ? (
          <OpenPiece
            key={place}
            piece={piece}
            number={numbers.get(place) ?? 0}
            count={numbers.size}
            choice={choices.get(place)}
            onChoose={(choice) => setChoices(new Map(choices).set(place, choice))}
          />
        ) : (
          <SettledPiece key={place} text={piece.text} isAll={pieces.length === 1} />
        ),
      )}
      <div className={styles.save}>
        <span role="status">
          {numbers.size === 0 ? "" : t("merge.chosen", { done: choices.size, count: numbers.size })}
        </span>
        <button type="button" className="button primary" disabled={text === undefined || isBusy} onClick={save}>
          {t("keep.merged")}
        </button>
      </div>
    </section>
  );
}

/** The places that are open, counted from 1. */
function numberOpen(pieces: readonly Piece[]): ReadonlyMap<number, number> {
  const open = pieces.flatMap((piece, place) => (isOpen(piece) ? [place] : []));
  return new Map(open.map((place, index) => [place, index + 1]));
}

/** Settled lines that are shown before and after a place; what lies between is told by its number. */
const contextLines = 3;

function SettledPiece({ text, isAll }: { readonly text: string; readonly isAll: boolean }): ReactNode {
  const { t } = useConflictWords();
  const lines = text.split("\n");
  if (isAll || lines.length <= 2 * contextLines + 2) return <Text text={text} label={t("merge.result")} />;
  const hidden = lines.length - 2 * contextLines;
  return (
    <>
      <Text text={lines.slice(0, contextLines).join("\n")} />
      <p className={styles.gap}>{t("merge.unchanged", { count: hidden })}</p>
      <Text text={lines.slice(-contextLines).join("\n")} />
    </>
  );
}

function Text({ text, label }: { readonly text: string; readonly label?: string }): ReactNode {
  return (
    <pre className={styles.text} tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  );
}

interface OpenPieceProps {
  readonly piece: ConflictPiece;
  readonly number: number;
  readonly count: number;
  readonly choice: PieceChoice | undefined;
  readonly onChoose: (choice: PieceChoice) => void;
}

function OpenPiece({ piece, number, count, choice, onChoose }: OpenPieceProps): ReactNode {
  const { t } = useConflictWords();
  return (
    <fieldset className={styles.piece} data-chosen={choice}>
      <legend>{t("merge.place", { number, count })}</legend>
      <div className={styles.sides}>
        {(["theirs", "mine"] as const).map((side) => (
          <div key={side} data-side={side}>
            <h4>{t(`merge.${side}`)}</h4>
            <pre className={styles.text}>{piece[side] === "" ? t("merge.empty") : piece[side]}</pre>
          </div>
        ))}
        {piece.base === "" ? null : (
          <div data-side="base">
            <h4>{t("merge.was")}</h4>
            <pre className={styles.text}>{piece.base}</pre>
          </div>
        )}
      </div>
      <div className={styles.choices} role="radiogroup" aria-label={t("merge.choose", { number })}>
        {(["theirs", "mine", "both"] as const).map((each) => (
          <label key={each}>
            <input type="radio" name={`place-${number}`} checked={choice === each} onChange={() => onChoose(each)} />
            {t(`merge.${each}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
