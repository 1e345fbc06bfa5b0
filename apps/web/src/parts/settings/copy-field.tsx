import { useId, useRef, useState, type ReactNode } from "react";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import styles from "./copy-field.module.css";

interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
}

/** A text to take along, and a button that does. */
export function CopyField({ label, value }: CopyFieldProps): ReactNode {
  const { t } = useSettingsWords();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    field.current?.select();
    // Pages that came over plain HTTP have no clipboard; what is selected can be copied by keyboard.
    if (!("clipboard" in navigator)) return;
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className={styles.field}>
        <input
          id={id}
          ref={field}
          value={value}
          readOnly
          spellCheck={false}
          onFocus={(event) => event.target.select()}
        />
        <button type="button" className="button" onClick={copy}>
          {copied ? t("addDevice.copied") : t("addDevice.copy")}
        </button>
      </div>
    </div>
  );
}
