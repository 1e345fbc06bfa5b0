import type { ReactNode } from "react";
import type { LucideIcon } from "lucide-react";
import styles from "./pane.module.css";

interface RowsProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** Things in a frame, one below the other. */
export function Rows({ label, children }: RowsProps): ReactNode {
  return (
    <ul className={styles.rows} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  readonly title: ReactNode;
  /** Said below the title, with dots between; what is undefined is left out. */
  readonly facts?: readonly (string | undefined)[];
  /** What changes by itself, below that. */
  readonly state?: ReactNode;
  readonly icon?: LucideIcon;
  readonly badge?: string | undefined;
  readonly children?: ReactNode;
}

/** One thing: what it is, what is to be said of it, and what can be done with it. */
export function Row({ title, facts = [], state, icon: Icon, badge, children }: RowProps): ReactNode {
  const said = facts.filter((fact) => fact !== undefined && fact !== "");
  return (
    <li className={styles.row}>
      {Icon ? <Icon size={20} strokeWidth={1.7} className={styles.icon} aria-hidden /> : null}
      <div className={styles.what}>
        <strong>
          {title}
          {badge === undefined ? null : (
            <>
              {/* A space, and no margin: at the beginning of a line there is none. */}{" "}
              <span className={styles.badge}>{badge}</span>
            </>
          )}
        </strong>
        {said.length > 0 ? <small>{said.join(" · ")}</small> : null}
        {state ? <small>{state}</small> : null}
      </div>
      {children ? <div className={styles.actions}>{children}</div> : null}
    </li>
  );
}

/** In place of rows, where there are none. */
export function NoRows({ children }: { readonly children: ReactNode }): ReactNode {
  return <p className={styles.none}>{children}</p>;
}
