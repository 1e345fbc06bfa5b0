import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { AtSign, CircleUserRound, ShieldCheck } from "lucide-react";
import { useAccountCalls } from "../../data/account-calls.ts";
import { useApp } from "../../data/app-context.ts";
import { serverUrl } from "../../data/base-path.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";

/** Who the person is here. */
export function ProfileSection(): ReactNode {
  const { t } = useSettingsWords();
  const { api } = useApp();
  const account = useQuery({ queryKey: ["account"], queryFn: ({ signal }) => api.account({ signal }) });
  const calls = useAccountCalls();
  const ways = useQuery({ queryKey: ["sign-in-ways"], queryFn: ({ signal }) => calls.signInWays({ signal }) });
  return (
    <Section title={t("sections.profile")}>
      <Loaded query={account}>
        {({ user, email, is_admin: isAdmin }) => (
          <Rows label={t("sections.profile")}>
            <Row icon={CircleUserRound} title={user} facts={[t("profile.name")]} />
            <Row
              icon={AtSign}
              title={email}
              facts={[t("profile.email"), ways.data?.email_confirmed === false ? t("profile.unconfirmed") : undefined]}
            >
              <a className="button" href={`${serverUrl}/account/email`}>
                {t("change")}
              </a>
            </Row>
            <Row
              icon={ShieldCheck}
              title={isAdmin ? t("profile.admin") : t("profile.person")}
              facts={[t("profile.role")]}
            />
          </Rows>
        )}
      </Loaded>
    </Section>
  );
}
