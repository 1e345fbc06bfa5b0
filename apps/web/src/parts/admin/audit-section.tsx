import { useState, type ReactNode } from "react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Download, ScrollText } from "lucide-react";
import type { AuditRecord } from "@satchel/protocol";
import { useAdminCalls } from "../../data/admin-calls.ts";
import { saveBytes } from "../../data/files/save-bytes.ts";
import { adminEn, type AdminWords } from "../../words/admin/en.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { formatInstantFully } from "../../words/format.ts";
import { LoadedPages } from "../pane/loaded-pages.tsx";
import { NoRows, Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";
import styles from "./admin.module.css";

type Action = keyof AdminWords["actions"];
const actions = (Object.keys(adminEn.actions) as Action[]).filter((action) => action !== "erased");

/** What was done on the server, by whom and from where. */
export function AuditSection(): ReactNode {
  const { t } = useAdminWords();
  const calls = useAdminCalls();
  const [action, setAction] = useState<Action>();
  const names = useNames();
  const pages = useInfiniteQuery({
    queryKey: ["admin", "audit", action],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => calls.audit({ action, cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.cursor,
  });
  const save = async (): Promise<void> =>
    saveBytes("satchel-audit.jsonl", await calls.auditLines({ action }), "application/jsonl");
  return (
    <Section title={t("tabs.audit")} lead={t("audit.lead")}>
      <div className={styles.filter}>
        <div className="field">
          <label htmlFor="audit-action">{t("audit.action")}</label>
          <select
            id="audit-action"
            value={action ?? ""}
            onChange={(event) => setAction(actions.find((one) => one === event.target.value))}
          >
            <option value="">{t("audit.all")}</option>
            {actions.map((one) => (
              <option key={one} value={one}>
                {t(`actions.${one}`)}
              </option>
            ))}
          </select>
        </div>
        <button
          type="button"
          className="button"
          onClick={() => {
            save().catch((error: unknown) => reportError(error));
          }}
        >
          <Download size={17} aria-hidden />
          {t("audit.export")}
        </button>
      </div>
      <LoadedPages query={pages}>
        {(found) => <Records records={found.flatMap(({ records }) => records)} names={names} />}
      </LoadedPages>
    </Section>
  );
}

/** Accounts' names, as far as the first page of accounts has them. */
function useNames(): ReadonlyMap<string, string> {
  const calls = useAdminCalls();
  const accounts = useQuery({
    queryKey: ["admin", "account-names"],
    queryFn: ({ signal }) => calls.accounts(null, { signal }),
  });
  return new Map(accounts.data?.accounts.map(({ account_id: id, user }) => [id, user]));
}

interface RecordsProps {
  readonly records: readonly AuditRecord[];
  readonly names: ReadonlyMap<string, string>;
}

function Records({ records, names }: RecordsProps): ReactNode {
  const { t, i18n } = useAdminWords();
  if (records.length === 0) return <NoRows>{t("audit.none")}</NoRows>;
  return (
    <Rows label={t("tabs.audit")}>
      {records.map((record) => (
        <Row
          key={record.sequence}
          icon={ScrollText}
          title={record.action in adminEn.actions ? t(`actions.${record.action as Action}`) : record.action}
          facts={[formatInstantFully(record.at, i18n.language), ...people(record), address(record), detail(record)]}
        />
      ))}
    </Rows>
  );

  function people({ account_id: about, actor }: AuditRecord): (string | undefined)[] {
    const nameOf = (id: string): string => names.get(id) ?? id;
    return [
      about === null ? undefined : t("audit.about", { who: nameOf(about) }),
      actor === null ? t("audit.byServer") : actor === about ? undefined : t("audit.by", { who: nameOf(actor) }),
    ];
  }

  function address(record: AuditRecord): string | undefined {
    return record.address === null ? undefined : t("audit.from", { address: record.address });
  }
}

/** What else a record says, as it stands there. */
function detail({ detail: said }: AuditRecord): string {
  return Object.entries(said)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(", ");
}
