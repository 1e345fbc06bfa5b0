import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import type { LucideIcon } from "lucide-react";
import styles from "./shell.module.css";

interface NavLinkProps {
  readonly to: string;
  /** Addresses that it leads to. */
  readonly pattern: string;
  readonly icon: LucideIcon;
  readonly words: string;
  /** How many things wait there. */
  readonly badge?: string;
}

/** A way to a page, marked while it is the one that is shown. */
export function NavLink({ to, pattern, icon: Icon, words, badge }: NavLinkProps): ReactNode {
  const [isHere] = useRoute(pattern);
  return (
    <Link to={to} aria-current={isHere ? "page" : undefined}>
      <Icon size={19} aria-hidden />
      <span>{words}</span>
      {badge === undefined ? null : <b className={styles.badge}>{badge}</b>}
    </Link>
  );
}
