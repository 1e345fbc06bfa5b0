import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { GitCompareArrows } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ConflictedCopy } from "@satchel/protocol";
import { keptBy, type BulkRule } from "../../data/conflicts/choose-newer.ts";
import { useResolving } from "../../data/conflicts/use-resolving.ts";
import { useConflictWords } from "../../words/conflicts/use-conflict-words.ts";
import { formatInstant } from "../../words/format.ts";
import { ConfirmDialog } from "../pane/confirm-dialog.tsx";
import { NoRows, Row, Rows } from "../pane/rows.tsx";
import { nameOfPath, sideOf } from "./conflict-side.ts";
import styles from "./conflicts.module.css";

interface ConflictListProps {
  readonly conflicts: readonly ConflictedCopy[];
}

/** What waits, and a rule for all of it. */
export function ConflictList({ conflicts }: ConflictListProps): ReactNode {
  const { t } = useConflictWords();
  if (conflicts.length === 0) return <NoRows>{t("none")}</NoRows>;
  const resolvable = conflicts.filter(({ may_resolve: mayResolve }) => mayResolve);
  return (
    <>
      <p className={styles.lead}>{t("lead")}</p>
      {resolvable.length > 1 ? <BulkRules conflicts={resolvable} /> : null}
      <Rows label={t("label")}>
        {conflicts.map((conflict) => (
          <ConflictRow key={conflict.file_id} conflict={conflict} />
        ))}
      </Rows>
    </>
  );
}

function ConflictRow({ conflict }: { readonly conflict: ConflictedCopy }): ReactNode {
  const { t } = useConflictWords();
  const { i18n } = useTranslation();
  const { path, original_path: original, file_id: id } = conflict;
  const said = (side: "mine" | "theirs", words: "copyBy" | "originalBy"): string | undefined => {
    const { author, device, created } = sideOf(conflict, side) ?? {};
    if (author === undefined || created === undefined) return undefined;
    const who = device == null ? author : t("onDevice", { author, device });
    return `${t(words, { who })}, ${formatInstant(created, i18n.language)}`;
  };
  return (
    <Row
      title={(original ?? path).replace(/^\//, "")}
      facts={[original === null ? t("deleted") : said("theirs", "originalBy"), said("mine", "copyBy")]}
      icon={GitCompareArrows}
    >
      <Link to={`/conflicts/${id}`} className="button" aria-label={t("lookAt", { name: nameOfPath(path) })}>
        {t("look")}
      </Link>
    </Row>
  );
}

const rules = ["newer", "both", "mine", "theirs"] as const satisfies readonly BulkRule[];

function BulkRules({ conflicts }: ConflictListProps): ReactNode {
  const { t } = useConflictWords();
  const [rule, setRule] = useState<BulkRule>("newer");
  const [isAsking, setAsking] = useState(false);
  const resolving = useResolving();
  const resolveAll = (): void =>
    resolving.mutate(conflicts.map((conflict) => ({ conflict, keep: keptBy(rule, conflict) })));
  return (
    <div className={styles.bulk}>
      <label>
        <span>{t("bulk.label")}</span>
        <select value={rule} onChange={(event) => setRule(event.target.value as BulkRule)}>
          {rules.map((each) => (
            <option key={each} value={each}>
              {t(`bulk.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="button" disabled={resolving.isPending} onClick={() => setAsking(true)}>
        {t("bulk.submit")}
      </button>
      {isAsking ? (
        <ConfirmDialog
          title={t("bulk.title", { count: conflicts.length })}
          lead={`${t(`bulk.${rule}`)}. ${t("bulk.sure")}`}
          submit={t("bulk.confirm")}
          onConfirm={resolveAll}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}
