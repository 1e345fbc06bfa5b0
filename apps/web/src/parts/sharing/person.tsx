import type { ReactNode } from "react";
import styles from "./sharing.module.css";

interface PersonProps {
  readonly name: string;
  /** Beside the name. */
  readonly badge?: string | undefined;
  readonly children?: ReactNode;
}

/** Somebody in a list: their letter, their name, and what can be done with them. */
export function Person({ name, badge, children }: PersonProps): ReactNode {
  return (
    <li className={styles.person}>
      <span className={styles.letter} aria-hidden>
        {String.fromCodePoint(name.codePointAt(0) ?? 0x2022).toLocaleUpperCase()}
      </span>
      <span className={styles.name}>
        <bdi>{name}</bdi>
        {badge === undefined ? null : <span className={styles.badge}>{badge}</span>}
      </span>
      {children}
    </li>
  );
}
