import type { ReactNode } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { noticeKinds, type NoticeKind, type NoticeSetting } from "@satchel/protocol";
import { useNoticeCalls } from "../../data/notices/use-notices.ts";
import { useNoticeWords } from "../../words/notices/use-notice-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { Section } from "../pane/section.tsx";
import styles from "./notices.module.css";

const settingsKey = ["notice-settings"] as const;

/** Of what the account wants to be told, each kind by itself. */
export function NoticeSettings(): ReactNode {
  const { t } = useNoticeWords();
  const calls = useNoticeCalls();
  const queries = useQueryClient();
  const settings = useQuery({ queryKey: settingsKey, queryFn: ({ signal }) => calls.noticeSettings({ signal }) });
  const change = useMutation({
    mutationFn: (setting: NoticeSetting) => calls.putNoticeSettings([setting]),
    onSuccess: (all) => queries.setQueryData(settingsKey, all),
  });
  const isOn = (all: readonly NoticeSetting[], kind: NoticeKind): boolean =>
    all.find((setting) => setting.kind === kind)?.in_app ?? true;
  return (
    <Section title={t("settings.title")} lead={t("settings.lead")}>
      <Loaded query={settings}>
        {(all) => (
          <ul className={styles.kinds}>
            {noticeKinds.map((kind) => (
              <li key={kind}>
                <label>
                  <input
                    type="checkbox"
                    checked={isOn(all, kind)}
                    disabled={change.isPending}
                    onChange={(event) => change.mutate({ kind, in_app: event.target.checked })}
                  />
                  {t(`settings.${kind}`)}
                </label>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}
