import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { Fingerprint, KeyRound, Link2, ListChecks, Smartphone } from "lucide-react";
import type { SignInWays } from "@satchel/protocol";
import { useAccountCalls } from "../../data/account-calls.ts";
import { serverUrl } from "../../data/base-path.ts";
import { formatInstant } from "../../words/format.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";

/** By what the account is entered. The server's own pages change it, where the password and the passkeys are: this app never sees them. */
export function SecuritySection(): ReactNode {
  const { t } = useSettingsWords();
  const calls = useAccountCalls();
  const ways = useQuery({ queryKey: ["sign-in-ways"], queryFn: ({ signal }) => calls.signInWays({ signal }) });
  return (
    <Section title={t("sections.security")} lead={t("security.lead")}>
      <Loaded query={ways}>{(found) => <Ways ways={found} />}</Loaded>
    </Section>
  );
}

function Ways({ ways }: { readonly ways: SignInWays }): ReactNode {
  const { t, i18n } = useSettingsWords();
  const asksForCodes = ways.authenticator_app || ways.passkeys.length > 0;
  const link = (href: string, words: string): ReactNode => (
    <a className="button" href={serverUrl + href}>
      {words}
    </a>
  );
  const time = (at: string): { time: string } => ({ time: formatInstant(at, i18n.language) });
  return (
    <Rows label={t("sections.security")}>
      <Row
        icon={KeyRound}
        title={t("security.password")}
        facts={[ways.has_password ? t("security.hasPassword") : t("security.noPassword")]}
      >
        {link("/account/password", t("change"))}
      </Row>
      <Row
        icon={Smartphone}
        title={t("security.app")}
        facts={[ways.authenticator_app ? t("security.appOn") : t("security.appOff")]}
      >
        {ways.authenticator_app ? link("/account", t("security.manage")) : link("/account/app", t("security.setUp"))}
      </Row>
      {asksForCodes ? (
        <Row
          icon={ListChecks}
          title={t("security.recovery")}
          facts={[t("security.recoveryLeft", { count: ways.recovery_codes_left })]}
        >
          {link("/account", t("security.manage"))}
        </Row>
      ) : null}
      {ways.passkeys.map((passkey) => (
        <Row
          key={passkey.created}
          icon={Fingerprint}
          title={passkey.name}
          facts={[
            t("security.created", time(passkey.created)),
            passkey.last_used === null ? t("security.neverUsed") : t("security.lastUsed", time(passkey.last_used)),
          ]}
        />
      ))}
      <Row icon={Fingerprint} title={t("security.passkeys")} facts={[t("security.noPasskeys")]}>
        {link("/account", ways.passkeys.length > 0 ? t("security.manage") : t("security.add"))}
      </Row>
      {ways.linked.map(({ label, issuer }) => (
        <Row key={issuer} icon={Link2} title={label} facts={[issuer]}>
          {link("/account", t("security.manage"))}
        </Row>
      ))}
    </Rows>
  );
}
