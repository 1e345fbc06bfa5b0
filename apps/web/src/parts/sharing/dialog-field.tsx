import { useId, type ComponentProps, type ReactNode } from "react";
import styles from "./sharing.module.css";

interface DialogFieldProps extends Omit<ComponentProps<"input">, "onChange" | "id"> {
  readonly label: string;
  readonly hint?: string;
  readonly onChange: (value: string) => void;
}

/** A labelled field, with a word on what belongs in it. */
export function DialogField({ label, hint, onChange, ...input }: DialogFieldProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
        {...input}
      />
      {hint === undefined ? null : (
        <small id={`${id}-hint`} className={styles.soft}>
          {hint}
        </small>
      )}
    </div>
  );
}
