import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Entry } from "../../data/files/entry.ts";
import { useText } from "../../data/preview/use-text.ts";
import { compareText, type ComparedLine } from "../../data/versions/compare-text.ts";
import { FailedNote } from "../preview/failed-note.tsx";
import { PreviewNote } from "../preview/preview-note.tsx";
import { Waiting } from "../preview/waiting.tsx";
import styles from "./compare-texts.module.css";

interface CompareTextsProps {
  readonly before: Entry;
  readonly after: Entry;
}

/** Two texts, line under line, with the words that differ. */
export function CompareTexts({ before, after }: CompareTextsProps): ReactNode {
  const [old, fresh] = [useText(before), useText(after)];
  const lines = useMemo(
    () => (old.text == null || fresh.text == null ? undefined : (compareText(old.text, fresh.text) ?? null)),
    [old.text, fresh.text],
  );
  const error = old.error ?? fresh.error;
  if (error)
    return (
      <FailedNote
        error={error}
        onRetry={() => {
          old.retry();
          fresh.retry();
        }}
      />
    );
  if (old.text === null || fresh.text === null) return <PreviewNote reason="none" />;
  if (lines === undefined) return <Waiting />;
  return <Lines lines={lines} />;
}

function Lines({ lines }: { readonly lines: readonly ComparedLine[] | null }): ReactNode {
  const { t } = useTranslation();
  if (lines === null) return <p className={styles.note}>{t("versions.unlike")}</p>;
  if (lines.every(({ kind }) => kind === "gap")) return <p className={styles.note}>{t("versions.alike")}</p>;
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t("versions.differences")}>
      <table className={styles.lines}>
        <tbody>
          {lines.map((line, index) => (
            <Line key={index} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const signs = { same: " ", removed: "−", added: "+" } as const;

function Line({ line }: { readonly line: ComparedLine }): ReactNode {
  const { t } = useTranslation();
  if (line.kind === "gap")
    return (
      <tr className={styles.gap}>
        <td colSpan={4}>{t("versions.unchanged", { count: line.lines })}</td>
      </tr>
    );
  return (
    <tr data-kind={line.kind}>
      <td className={styles.number}>{line.before}</td>
      <td className={styles.number}>{line.after}</td>
      <td className={styles.sign}>{signs[line.kind]}</td>
      <td className={styles.text}>
        {line.parts.map(({ text, isMarked }, index) => (isMarked ? <mark key={index}>{text}</mark> : text))}
      </td>
    </tr>
  );
}
