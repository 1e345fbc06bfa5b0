import type { ReactNode } from "react";
import { useRoute } from "wouter";
import { GitCompareArrows } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useConflicts } from "../../data/conflicts/use-conflicts.ts";
import { NavLink } from "./nav-link.tsx";

/** The way to the conflicts, with their number, while there are any. */
export function ConflictsLink(): ReactNode {
  const { t, i18n } = useTranslation();
  const { data } = useConflicts();
  const [isHere] = useRoute("/conflicts/*?");
  const count = data?.length ?? 0;
  if (count === 0 && !isHere) return null;
  return (
    <NavLink
      to="/conflicts"
      pattern="/conflicts/*?"
      icon={GitCompareArrows}
      words={t("nav.conflicts")}
      {...(count > 0 && { badge: count.toLocaleString(i18n.language) })}
    />
  );
}
