import type { ReactNode } from "react";
import { Download, Eye, Inbox } from "lucide-react";
import type { ShareLink } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useShareChange } from "../../data/sharing/use-share-change.ts";
import { formatInstant } from "../../words/format.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { Row } from "../pane/rows.tsx";

const icons = { download: Download, view: Eye, upload: Inbox } as const;

interface LinkRowProps {
  readonly link: ShareLink;
  /** Tells where it leads, too. */
  readonly withPath?: boolean;
}

/** A link: what it is for, how far it goes, and its end. */
export function LinkRow({ link, withPath = false }: LinkRowProps): ReactNode {
  const { t, i18n } = useSharingWords();
  const { api } = useApp();
  const revoke = useShareChange(
    () => api.revokeLink(link.link_id),
    () => t("links.revoked"),
  );
  const instant = (time: string | null): string | undefined =>
    time === null ? undefined : formatInstant(time, i18n.language);
  const time = formatInstant(link.created, i18n.language);
  const [starts, expires] = [instant(link.starts), instant(link.expires)];
  const place = withPath ? (link.path ?? t("links.gone")) : undefined;
  return (
    <Row
      icon={icons[link.kind]}
      title={place ?? t(`links.kind.${link.kind}`)}
      facts={[
        withPath ? t(`links.kind.${link.kind}`) : undefined,
        t("links.made", { time }),
        link.has_password ? t("links.locked") : undefined,
        starts && t("links.from", { time: starts }),
        expires && t("links.until", { time: expires }),
        useWords(link),
      ]}
    >
      <button
        type="button"
        className="button"
        disabled={revoke.isPending}
        aria-label={t("links.revokeOf", { time })}
        onClick={() => revoke.mutate(undefined)}
      >
        {t("links.revoke")}
      </button>
    </Row>
  );
}

/** How often it was used. */
function useWords({ kind, downloads: used, max_downloads: most }: ShareLink): string | undefined {
  const { t } = useSharingWords();
  if (kind === "view") return undefined;
  const what = kind === "upload" ? "uploads" : "downloads";
  if (most !== null) return t(`links.${what}Of`, { used, count: most });
  return used === 0 ? undefined : t(`links.${what}`, { count: used });
}
