import type { ReactNode } from "react";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import { Toast } from "@base-ui/react/toast";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { QuarantinedItem } from "@satchel/protocol";
import { useAdminCalls } from "../../data/admin-calls.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { formatInstantFully } from "../../words/format.ts";
import { LoadedPages } from "../pane/loaded-pages.tsx";
import { NoRows, Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";

const queryKey = ["admin", "quarantine"];

/** Versions in which malware was found, and the way to let one out. */
export function QuarantineSection(): ReactNode {
  const { t } = useAdminWords();
  const calls = useAdminCalls();
  const pages = useInfiniteQuery({
    queryKey,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => calls.quarantine(pageParam, { signal }),
    getNextPageParam: (page) => page.cursor,
  });
  return (
    <Section title={t("tabs.quarantine")} lead={t("quarantine.lead")}>
      <LoadedPages query={pages}>{(found) => <Items items={found.flatMap(({ items }) => items)} />}</LoadedPages>
    </Section>
  );
}

function Items({ items }: { readonly items: readonly QuarantinedItem[] }): ReactNode {
  const { t, i18n } = useAdminWords();
  const { allow, isAllowing } = useAllow();
  const time = (instant: string): string => formatInstantFully(instant, i18n.language);
  if (items.length === 0) return <NoRows>{t("quarantine.none")}</NoRows>;
  return (
    <Rows label={t("tabs.quarantine")}>
      {items.map((item) => {
        const name = item.path ?? t("quarantine.gone");
        return (
          <Row
            key={item.version_id}
            icon={item.allowed === null ? ShieldAlert : ShieldCheck}
            title={name}
            facts={[
              item.finding,
              item.owner ?? undefined,
              t("quarantine.found", { time: time(item.found) }),
              item.allowed === null ? undefined : t("quarantine.allowed", { time: time(item.allowed) }),
            ]}
          >
            {item.allowed === null ? (
              <button
                type="button"
                className="button"
                aria-label={t("quarantine.allowOf", { name })}
                disabled={isAllowing}
                onClick={() => allow(item)}
              >
                {t("quarantine.allow")}
              </button>
            ) : null}
          </Row>
        );
      })}
    </Rows>
  );
}

function useAllow(): { readonly allow: (item: QuarantinedItem) => void; readonly isAllowing: boolean } {
  const { t } = useAdminWords();
  const calls = useAdminCalls();
  const queries = useQueryClient();
  const { add } = Toast.useToastManager();
  const { mutate, isPending } = useMutation({
    mutationFn: ({ workspace_id, version_id }: QuarantinedItem) => calls.allowQuarantined({ workspace_id, version_id }),
    onSuccess: () => add({ title: t("quarantine.done") }),
    onError: () => add({ type: "error", title: t("quarantine.failed") }),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  return { allow: mutate, isAllowing: isPending };
}
