import { useId, type ReactNode } from "react";
import styles from "./pane.module.css";

interface SectionProps {
  readonly title: string;
  readonly lead?: string | undefined;
  /** Beside the title. */
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}

/** A part of a pane, with its own heading. */
export function Section({ title, lead, action, children }: SectionProps): ReactNode {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.title}>
        <h2 id={id}>{title}</h2>
        {action}
      </div>
      {lead === undefined ? null : <p className={styles.lead}>{lead}</p>}
      {children}
    </section>
  );
}
