import type { ReactNode } from "react";
import { Link, Redirect, Route, Switch } from "wouter";
import { useQuery } from "@tanstack/react-query";
import { useApp } from "../data/app-context.ts";
import { addressOf } from "../data/files/path.ts";
import { AccountsSection } from "../parts/admin/accounts-section.tsx";
import { AuditSection } from "../parts/admin/audit-section.tsx";
import { InvitationsSection } from "../parts/admin/invitations-section.tsx";
import { JobsSection } from "../parts/admin/jobs-section.tsx";
import { QuarantineSection } from "../parts/admin/quarantine-section.tsx";
import { ServerSection } from "../parts/admin/server-section.tsx";
import { SettingsSection } from "../parts/admin/settings-section.tsx";
import { WaySection } from "../parts/admin/way-section.tsx";
import { Loaded } from "../parts/pane/loaded.tsx";
import { Pane } from "../parts/pane/pane.tsx";
import { useAdminWords } from "../words/admin/use-admin-words.ts";
import { useTranslation } from "react-i18next";

const sections = {
  accounts: AccountsSection,
  invitations: InvitationsSection,
  server: ServerSection,
  jobs: JobsSection,
  quarantine: QuarantineSection,
  audit: AuditSection,
  settings: SettingsSection,
  way: WaySection,
} as const;
const names = Object.keys(sections) as (keyof typeof sections)[];

/** What administrators see and do, a section to an address. For others there is no such page, as there are no such calls. */
export function AdminPage(): ReactNode {
  const { api } = useApp();
  const account = useQuery({ queryKey: ["account"], queryFn: ({ signal }) => api.account({ signal }) });
  return <Loaded query={account}>{(found) => (found.is_admin ? <Administration /> : <NoSuchPage />)}</Loaded>;
}

function Administration(): ReactNode {
  const { t } = useAdminWords();
  const tabs = names.map((name) => ({ to: `/admin/${name}`, words: t(`tabs.${name}`) }));
  return (
    <Pane title={t("title")} tabs={[...tabs, { to: "/settings/profile", words: t("tabs.own") }]}>
      <Switch>
        {names.map((name) => (
          <Route key={name} path={`/admin/${name}`} component={sections[name]} />
        ))}
        <Route>
          <Redirect to="/admin/accounts" replace />
        </Route>
      </Switch>
    </Pane>
  );
}

function NoSuchPage(): ReactNode {
  const { t } = useAdminWords();
  const { t: tell } = useTranslation();
  return (
    <div className="empty">
      <h2>{t("notThere")}</h2>
      <p>{t("notThereLead")}</p>
      <Link to={addressOf("")} className="button">
        {tell("files.backToFiles")}
      </Link>
    </div>
  );
}
