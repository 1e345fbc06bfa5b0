import type { ReactNode } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Globe } from "lucide-react";
import { useAccountCalls } from "../../data/account-calls.ts";
import { formatInstant } from "../../words/format.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { NoRows, Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";

/** Browsers that are known on the server's sign-in pages, which is something else than a login of this app. */
export function BrowsersSection(): ReactNode {
  const { t, i18n } = useSettingsWords();
  const calls = useAccountCalls();
  const queries = useQueryClient();
  const browsers = useQuery({ queryKey: ["browsers"], queryFn: ({ signal }) => calls.browsers({ signal }) });
  const end = useMutation({
    mutationFn: (id: string) => calls.signOutBrowser(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["browsers"] }),
  });
  return (
    <Section title={t("devices.browsers")} lead={t("devices.browsersLead")}>
      <Loaded query={browsers}>
        {(found) =>
          found.length === 0 ? (
            <NoRows>{t("devices.noBrowsers")}</NoRows>
          ) : (
            <Rows label={t("devices.browsers")}>
              {found.map(({ browser_id: id, name, last_seen: seen, created }) => (
                <Row
                  key={id}
                  icon={Globe}
                  title={name}
                  facts={[
                    t("devices.seen", { time: formatInstant(seen, i18n.language) }),
                    t("devices.since", { time: formatInstant(created, i18n.language) }),
                  ]}
                >
                  <button
                    type="button"
                    className="button"
                    disabled={end.isPending}
                    aria-label={t("devices.signOutOf", { name })}
                    onClick={() => end.mutate(id)}
                  >
                    {t("devices.signOut")}
                  </button>
                </Row>
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}
