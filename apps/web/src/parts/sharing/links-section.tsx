import { useState, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link2 } from "lucide-react";
import { rootEntryId, type NewShareLink } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";
import { LinkForm } from "./link-form.tsx";
import { LinkRow } from "./link-row.tsx";
import { MadeLink } from "./made-link.tsx";
import type { ShareSubject } from "./share-dialog.tsx";
import styles from "./sharing.module.css";

/** The links to it that the account has made, and a new one. */
export function LinksSection({ subject }: { readonly subject: ShareSubject }): ReactNode {
  const { t } = useSharingWords();
  const { api } = useApp();
  const [state, setState] = useState<"list" | "form" | NewShareLink>("list");
  const links = useQuery({ queryKey: ["links"], queryFn: ({ signal }) => api.links({ signal }) });
  const ids = new Set([subject.id, ...(subject.mounts === undefined ? [] : [rootEntryId(subject.mounts)])]);
  const make = (
    <button type="button" className="button" onClick={() => setState("form")}>
      <Link2 size={17} aria-hidden />
      {t("links.make")}
    </button>
  );
  return (
    <Section title={t("links.title")} lead={t("links.lead")} action={state === "list" ? make : undefined}>
      {state === "form" ? (
        <LinkForm subject={subject} onMade={setState} onCancel={() => setState("list")} />
      ) : state === "list" ? null : (
        <MadeLink link={state} onAnother={() => setState("form")} />
      )}
      <Loaded query={links}>
        {(all) => {
          const found = all.filter(({ entry_id: id }) => ids.has(id));
          if (found.length === 0) return <p className={styles.soft}>{t("links.none")}</p>;
          return (
            <Rows label={t("links.title")}>
              {found.map((link) => (
                <LinkRow key={link.link_id} link={link} />
              ))}
            </Rows>
          );
        }}
      </Loaded>
    </Section>
  );
}
