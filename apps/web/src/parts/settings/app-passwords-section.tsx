import { useState, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import type { DeviceList } from "@satchel/api-client";
import { useApp } from "../../data/app-context.ts";
import { formatInstant } from "../../words/format.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { ConfirmDialog } from "../pane/confirm-dialog.tsx";
import { Loaded } from "../pane/loaded.tsx";
import { NoRows, Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";
import { AppPasswordDialog } from "./app-password-dialog.tsx";
import { useRevocation } from "./use-revocation.ts";

type Device = DeviceList["devices"][number];

/** Passwords of programs that know nothing else. */
export function AppPasswordsSection(): ReactNode {
  const { t } = useSettingsWords();
  const { api } = useApp();
  const [making, setMaking] = useState(false);
  const devices = useQuery({ queryKey: ["devices"], queryFn: ({ signal }) => api.devices({ signal }) });
  const make = (
    <button type="button" className="button primary" onClick={() => setMaking(true)}>
      {t("passwords.make")}
    </button>
  );
  return (
    <Section title={t("passwords.title")} lead={t("passwords.lead")} action={make}>
      <Loaded query={devices}>
        {(found) => <PasswordRows devices={found.devices.filter(({ kind }) => kind === "app_password")} />}
      </Loaded>
      {making ? <AppPasswordDialog onClose={() => setMaking(false)} /> : null}
    </Section>
  );
}

function PasswordRows({ devices }: { readonly devices: readonly Device[] }): ReactNode {
  const { t } = useSettingsWords();
  if (devices.length === 0) return <NoRows>{t("passwords.none")}</NoRows>;
  return (
    <Rows label={t("passwords.title")}>
      {devices.map((device) => (
        <PasswordRow key={device.device_id} device={device} />
      ))}
    </Rows>
  );
}

function PasswordRow({ device }: { readonly device: Device }): ReactNode {
  const { t, i18n } = useSettingsWords();
  const { revoke, isRevoking } = useRevocation(device);
  const [asking, setAsking] = useState(false);
  const { name, scopes, last_seen: seen } = device;
  return (
    <Row
      icon={KeyRound}
      title={name}
      facts={[
        t("devices.mayDo", { what: (scopes ?? []).join(", ") }),
        seen === null ? t("security.neverUsed") : t("security.lastUsed", { time: formatInstant(seen, i18n.language) }),
      ]}
    >
      <button
        type="button"
        className="button"
        disabled={isRevoking}
        aria-label={t("passwords.revokeOf", { name })}
        onClick={() => setAsking(true)}
      >
        {t("passwords.revoke")}
      </button>
      {asking ? (
        <ConfirmDialog
          title={t("passwords.confirm", { name })}
          lead={t("passwords.confirmLead")}
          submit={t("passwords.revoke")}
          onConfirm={() => revoke(t("passwords.revoked", { name }))}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </Row>
  );
}
