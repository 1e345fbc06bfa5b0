import type { ReactNode } from "react";
import { Link } from "wouter";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { addressOf, namesOf } from "../../data/files/path.ts";
import styles from "./breadcrumbs.module.css";

/** The way from the top to the folder; each step leads there. */
export function Breadcrumbs({ path }: { readonly path: string }): ReactNode {
  const { t } = useTranslation();
  const names = namesOf(path);
  const steps = [t("files.title"), ...names].map((name, depth) => ({ name, path: names.slice(0, depth).join("/") }));
  return (
    <nav aria-label={t("files.path")} className={styles.crumbs}>
      <ol>
        {steps.map((step, depth) => (
          <li key={step.path}>
            {depth === steps.length - 1 ? (
              <h1 aria-current="page">
                <bdi>{step.name}</bdi>
              </h1>
            ) : (
              <Link to={addressOf(step.path)}>
                <bdi>{step.name}</bdi>
              </Link>
            )}
            {depth < steps.length - 1 ? <ChevronRight size={16} aria-hidden /> : null}
          </li>
        ))}
      </ol>
    </nav>
  );
}
