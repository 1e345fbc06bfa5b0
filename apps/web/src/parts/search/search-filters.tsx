import type { ReactNode } from "react";
import { namesOf } from "../../data/files/path.ts";
import { kindChoices, sizeChoices, timeChoices, type SearchQuestion } from "../../data/search/search-question.ts";
import { useSearchWords } from "../../words/search/use-search-words.ts";
import styles from "./search.module.css";

interface SearchFiltersProps {
  readonly question: SearchQuestion;
  readonly onChange: (change: Partial<SearchQuestion>) => void;
}

/** What narrows the search: each a list of choices, the first being none. */
export function SearchFilters({ question, onChange }: SearchFiltersProps): ReactNode {
  const { t } = useSearchWords();
  const { kind, modified, size, whose, where } = question;
  const isFiltered = [kind, modified, size, whose, where].some((choice) => choice !== undefined);
  return (
    <fieldset className={styles.filters}>
      <legend className="visually-hidden">{t("filters")}</legend>
      <Filter
        label={t("kind.label")}
        any={t("kind.any")}
        value={kind}
        choices={keysOf(kindChoices).map((key) => [key, t(`kind.${key}`)])}
        onChange={(next) => onChange({ kind: next })}
      />
      <Filter
        label={t("modified.label")}
        any={t("modified.any")}
        value={modified}
        choices={keysOf(timeChoices).map((key) => [key, t(`modified.${key}`)])}
        onChange={(next) => onChange({ modified: next })}
      />
      <Filter
        label={t("size.label")}
        any={t("size.any")}
        value={size}
        choices={keysOf(sizeChoices).map((key) => [key, t(`size.${key}`)])}
        onChange={(next) => onChange({ size: next })}
      />
      <Filter
        label={t("whose.label")}
        any={t("whose.any")}
        value={whose}
        choices={(["mine", "shared"] as const).map((key) => [key, t(`whose.${key}`)])}
        onChange={(next) => onChange({ whose: next })}
      />
      {where === undefined ? null : (
        <Filter
          label={t("where.label")}
          any={t("where.any")}
          value={where}
          choices={[[where, t("where.here", { folder: namesOf(where).at(-1) ?? "/" })]]}
          onChange={(next) => onChange({ where: next })}
        />
      )}
      {isFiltered ? (
        <button type="button" className="button quiet" onClick={() => onChange(noFilters)}>
          {t("clear")}
        </button>
      ) : null}
    </fieldset>
  );
}

const noFilters = { kind: undefined, modified: undefined, size: undefined, whose: undefined, where: undefined };

interface FilterProps<Choice extends string> {
  readonly label: string;
  readonly any: string;
  readonly value: Choice | undefined;
  readonly choices: readonly (readonly [Choice, string])[];
  readonly onChange: (choice: Choice | undefined) => void;
}

function Filter<Choice extends string>({ label, any, value, choices, onChange }: FilterProps<Choice>): ReactNode {
  return (
    <select
      className={styles.filter}
      aria-label={label}
      value={value ?? ""}
      data-chosen={value !== undefined}
      onChange={(event) => onChange(choices.find(([key]) => key === event.target.value)?.[0])}
    >
      <option value="">{any}</option>
      {choices.map(([key, words]) => (
        <option key={key} value={key}>
          {words}
        </option>
      ))}
    </select>
  );
}

function keysOf<Key extends string>(choices: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(choices) as Key[];
}
