import type { ReactNode } from "react";
import { Redirect, Route, Switch } from "wouter";
import { useQuery } from "@tanstack/react-query";
import { useApp } from "../data/app-context.ts";
import { Pane } from "../parts/pane/pane.tsx";
import { AppPasswordsSection } from "../parts/settings/app-passwords-section.tsx";
import { AppearanceSection } from "../parts/settings/appearance-section.tsx";
import { DataSection } from "../parts/settings/data-section.tsx";
import { DevicesSection } from "../parts/settings/devices-section.tsx";
import { ProfileSection } from "../parts/settings/profile-section.tsx";
import { SecuritySection } from "../parts/settings/security-section.tsx";
import { StorageSection } from "../parts/settings/storage-section.tsx";
import { useSettingsWords } from "../words/settings/use-settings-words.ts";

const sections = {
  profile: ProfileSection,
  security: SecuritySection,
  devices: DevicesSection,
  passwords: AppPasswordsSection,
  storage: StorageSection,
  appearance: AppearanceSection,
  data: DataSection,
} as const;
const names = Object.keys(sections) as (keyof typeof sections)[];

/** What people decide about their account and this browser, a section to an address. */
export function SettingsPage(): ReactNode {
  const { t } = useSettingsWords();
  const { api } = useApp();
  const account = useQuery({ queryKey: ["account"], queryFn: ({ signal }) => api.account({ signal }) });
  const tabs = names.map((name) => ({ to: `/settings/${name}`, words: t(`sections.${name}`) }));
  const admin = account.data?.is_admin === true ? [{ to: "/admin", words: t("sections.admin") }] : [];
  return (
    <Pane title={t("title")} tabs={[...tabs, ...admin]}>
      <Switch>
        {names.map((name) => (
          <Route key={name} path={`/settings/${name}`} component={sections[name]} />
        ))}
        <Route>
          <Redirect to="/settings/profile" replace />
        </Route>
      </Switch>
    </Pane>
  );
}
