import { useState, type ReactNode } from "react";
import { singleKeysAreOn, turnSingleKeys } from "../../data/shortcut-setting.ts";
import { chooseTheme, chosenTheme, themes } from "../../data/theme.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { chooseLanguage, languages, type Language } from "../../words/words.ts";
import { Section } from "../pane/section.tsx";
import styles from "./settings.module.css";

/** How the app looks and speaks in this browser. */
export function AppearanceSection(): ReactNode {
  const { t, i18n } = useSettingsWords();
  const [theme, setTheme] = useState(chosenTheme);
  const [single, setSingle] = useState(singleKeysAreOn);
  const speak = (language: Language): void => {
    chooseLanguage(language).catch((error: unknown) => reportError(error));
  };
  return (
    <>
      <Section title={t("appearance.theme")} lead={t("appearance.themeLead")}>
        <Options
          label={t("appearance.theme")}
          options={themes.map((value) => ({ value, words: t(`appearance.${value}`) }))}
          value={theme}
          onChoose={(next) => {
            chooseTheme(next);
            setTheme(next);
          }}
        />
      </Section>
      <Section title={t("appearance.language")} lead={t("appearance.languageLead")}>
        <Options
          label={t("appearance.language")}
          options={(Object.keys(languages) as Language[]).map((value) => ({
            value,
            words: languages[value],
            lang: value,
          }))}
          value={i18n.language.slice(0, 2) as Language}
          onChoose={speak}
        />
      </Section>
      <Section title={t("appearance.keyboard")}>
        <label className={styles.switch}>
          <input
            type="checkbox"
            checked={single}
            onChange={(event) => {
              turnSingleKeys(event.target.checked);
              setSingle(event.target.checked);
            }}
          />
          <span>
            {t("appearance.single")}
            <small>{t("appearance.singleHint")}</small>
          </span>
        </label>
      </Section>
    </>
  );
}

interface OptionsProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly words: string; readonly lang?: string }[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}

function Options<Value extends string>({ label, options, value, onChoose }: OptionsProps<Value>): ReactNode {
  return (
    <fieldset className={styles.options}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} lang={option.lang}>
          <input type="radio" name={label} checked={option.value === value} onChange={() => onChoose(option.value)} />
          {option.words}
        </label>
      ))}
    </fieldset>
  );
}
