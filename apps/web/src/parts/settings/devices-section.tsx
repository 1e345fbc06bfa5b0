import { useState, type ReactNode } from "react";
import { AppWindow, Globe, Laptop } from "lucide-react";
import type { DeviceList } from "@satchel/api-client";
import { useDevices } from "../../data/devices/use-devices.ts";
import { formatInstant } from "../../words/format.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { DeviceState } from "../devices/device-state.tsx";
import { ConfirmDialog } from "../pane/confirm-dialog.tsx";
import { Loaded } from "../pane/loaded.tsx";
import { Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";
import { AddDeviceDialog } from "./add-device-dialog.tsx";
import { BrowsersSection } from "./browsers-section.tsx";
import { useRevocation } from "./use-revocation.ts";

type Device = DeviceList["devices"][number];

/** How often it is looked who is connected, while somebody looks. */
const refetchInterval = 10_000;

/** The client id by which the server knows this app. */
const webClient = "satchel-web";

/** Whatever acts for the account, and the way to end it. App passwords have a page of their own. */
export function DevicesSection(): ReactNode {
  const { t } = useSettingsWords();
  const [adding, setAdding] = useState(false);
  const devices = useDevices(refetchInterval);
  const add = (
    <button type="button" className="button primary" onClick={() => setAdding(true)}>
      {t("devices.add")}
    </button>
  );
  return (
    <>
      <Section title={t("devices.title")} lead={t("devices.lead")} action={add}>
        <Loaded query={devices}>
          {(found) => <DeviceRows devices={found.devices.filter(({ kind }) => kind !== "app_password")} />}
        </Loaded>
      </Section>
      <BrowsersSection />
      {adding ? <AddDeviceDialog onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function DeviceRows({ devices }: { readonly devices: readonly Device[] }): ReactNode {
  const { t } = useSettingsWords();
  const ordered = devices.toSorted(
    (a, b) => Number(b.current) - Number(a.current) || (b.last_seen ?? "").localeCompare(a.last_seen ?? ""),
  );
  return (
    <Rows label={t("devices.title")}>
      {ordered.map((device) => (
        <DeviceRow key={device.device_id} device={device} />
      ))}
    </Rows>
  );
}

function DeviceRow({ device }: { readonly device: Device }): ReactNode {
  const { t, i18n } = useSettingsWords();
  const { revoke, isRevoking } = useRevocation(device);
  const [asking, setAsking] = useState(false);
  const isWeb = device.client_id === webClient;
  const kind = isWeb ? "web" : device.kind;
  const seen = device.connected
    ? t("devices.connected")
    : device.last_seen === null
      ? t("devices.neverSeen")
      : t("devices.seen", { time: formatInstant(device.last_seen, i18n.language) });
  const scopes = device.scopes === null || isWeb ? undefined : t("devices.mayDo", { what: device.scopes.join(", ") });
  const { name } = device;
  return (
    <Row
      icon={isWeb ? Globe : device.kind === "oauth" ? AppWindow : Laptop}
      title={name}
      badge={device.current ? t("devices.thisOne") : undefined}
      facts={[t(`devices.kind_${kind}`), seen, scopes]}
      state={device.kind === "device" || device.activity ? <DeviceState device={device} /> : undefined}
    >
      {device.current ? null : (
        <button
          type="button"
          className="button"
          disabled={isRevoking}
          aria-label={t("devices.signOutOf", { name })}
          onClick={() => setAsking(true)}
        >
          {t("devices.signOut")}
        </button>
      )}
      {asking ? (
        <ConfirmDialog
          title={t("devices.confirm", { name })}
          lead={t("devices.confirmLead")}
          submit={t("devices.signOut")}
          onConfirm={() => revoke(t("devices.signedOut", { name }))}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </Row>
  );
}
