import { useEffect, type ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useConflicts } from "../data/conflicts/use-conflicts.ts";
import { ConflictList } from "../parts/conflicts/conflict-list.tsx";
import { ConflictView } from "../parts/conflicts/conflict-view.tsx";
import { Loaded } from "../parts/pane/loaded.tsx";
import { NoRows } from "../parts/pane/rows.tsx";
import { useConflictWords } from "../words/conflicts/use-conflict-words.ts";
import styles from "./conflicts-page.module.css";

/** All conflicts that wait, or the one that the address names. */
export function ConflictsPage(): ReactNode {
  const { t } = useConflictWords();
  const { t: tell } = useTranslation();
  const conflicts = useConflicts();
  const [, params] = useRoute("/conflicts/:id");
  const id = params?.id;
  useEffect(() => {
    document.title = `${t("title")} · ${tell("app.name")}`;
  }, [t, tell]);
  return (
    <section className={styles.page} aria-label={t("title")}>
      <header className={styles.header}>
        <h1>{t("title")}</h1>
        {id === undefined ? null : (
          <Link to="/conflicts" className="button quiet">
            <ArrowLeft size={17} aria-hidden />
            {t("back")}
          </Link>
        )}
      </header>
      <div className={styles.column}>
        <Loaded query={conflicts}>
          {(all) => {
            if (id === undefined) return <ConflictList conflicts={all} />;
            const conflict = all.find(({ file_id: copy }) => copy === id);
            return conflict ? <ConflictView key={id} conflict={conflict} /> : <NoRows>{t("gone")}</NoRows>;
          }}
        </Loaded>
      </div>
    </section>
  );
}
