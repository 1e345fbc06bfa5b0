import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { encodeJoinCode } from "@satchel/api-client";
import { serverUrl } from "../../data/base-path.ts";
import { useApp } from "../../data/app-context.ts";
import { sha256Sync } from "../../data/uploads/sha256.ts";
import { formatInstant } from "../../words/format.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { CopyField } from "./copy-field.tsx";
import styles from "./settings.module.css";

const sha256 = (bytes: Uint8Array<ArrayBuffer>): Uint8Array => Uint8Array.fromHex(sha256Sync(bytes));

/** The command that brings another device in, with a code of its own each time that it is shown. */
export function JoinCommand(): ReactNode {
  const { t, i18n } = useSettingsWords();
  const { api } = useApp();
  const code = useQuery({
    queryKey: ["join-code"],
    queryFn: ({ signal }) => api.createJoinCode({ signal }),
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <Loaded query={code}>
      {({ secret, expires }) => (
        <>
          <CopyField
            label={t("addDevice.command")}
            value={`satchel join ${encodeJoinCode({ serverUrl, secret }, sha256)}`}
          />
          <p className={styles.soft}>{t("addDevice.until", { time: formatInstant(expires, i18n.language) })}</p>
        </>
      )}
    </Loaded>
  );
}
