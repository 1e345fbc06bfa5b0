import { useCallback, useSyncExternalStore, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { Way } from "@satchel/protocol";
import { maxWayBytes } from "@satchel/protocol";
import { useAdminCalls } from "../../data/admin-calls.ts";
import { useApp } from "../../data/app-context.ts";
import { serverUrl } from "../../data/base-path.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { formatBytes } from "../../words/format.ts";
import { Loaded } from "../pane/loaded.tsx";
import { Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";

/** What was found out about one side of the way. */
interface Finding {
  readonly title: string;
  readonly words: string;
  readonly isGood: boolean;
}

/** Looks at the way from this browser to the server, through whatever stands between. */
export function WaySection(): ReactNode {
  const { t } = useAdminWords();
  const calls = useAdminCalls();
  const way = useQuery({
    queryKey: ["admin", "way"],
    queryFn: ({ signal }) => calls.way({ signal }),
    refetchOnWindowFocus: false,
  });
  const body = useQuery({
    queryKey: ["admin", "way-body"],
    // What refuses it on the way answers in any form: that it didn't arrive whole is all there is to know.
    queryFn: ({ signal }) => calls.sendBody(maxWayBytes, { signal }).catch(() => 0),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const again = (): void => {
    Promise.all([way.refetch(), body.refetch()]).catch((error: unknown) => reportError(error));
  };
  const action = (
    <button type="button" className="button" onClick={again} disabled={way.isFetching || body.isFetching}>
      {way.isFetching || body.isFetching ? t("way.checking") : t("way.again")}
    </button>
  );
  return (
    <Section title={t("tabs.way")} lead={t("way.lead")} action={action}>
      <Loaded query={way}>{(found) => <Findings way={found} arrivedBytes={body.data} />}</Loaded>
    </Section>
  );
}

function Findings({ way, arrivedBytes }: { readonly way: Way; readonly arrivedBytes: number | undefined }): ReactNode {
  const { t, i18n } = useAdminWords();
  const isLive = useIsLive();
  const size = { size: formatBytes(maxWayBytes, i18n.language) };
  const findings: Finding[] = [
    addressFinding(),
    {
      title: t("way.proxy"),
      words: t(way.untrusted_proxy ? "way.proxyUntrusted" : "way.proxyGood", { address: way.caller_address }),
      isGood: !way.untrusted_proxy,
    },
    { title: t("way.socket"), words: t(isLive ? "way.socketGood" : "way.socketBad"), isGood: isLive },
  ];
  if (arrivedBytes !== undefined) {
    const isGood = arrivedBytes === maxWayBytes;
    findings.push({ title: t("way.body"), words: t(isGood ? "way.bodyGood" : "way.bodyBad", size), isGood });
  }
  return (
    <Rows label={t("tabs.way")}>
      {findings.map(({ title, words, isGood }) => (
        <Row
          key={title}
          icon={isGood ? CircleCheck : CircleAlert}
          title={title}
          badge={t(isGood ? "way.good" : "way.bad")}
          facts={[words]}
        />
      ))}
    </Rows>
  );

  function addressFinding(): Finding {
    const { public_url: told, reached_as: reached } = way;
    const here = serverUrl;
    const title = t("way.address");
    if (told === null && reached === here)
      return { title, words: t("way.addressUnset", { url: reached, here }), isGood: true };
    const isGood = told === here;
    return { title, words: t(isGood ? "way.addressGood" : "way.addressWrong", { url: told ?? reached, here }), isGood };
  }
}

/** Is the push channel open, and not only asked for again and again? */
function useIsLive(): boolean {
  const { workspace } = useApp();
  const watch = useCallback((onChange: () => void) => workspace.watchConnection(onChange), [workspace]);
  return useSyncExternalStore(watch, () => workspace.connection()) === "connected";
}
