import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { FolderSymlink } from "lucide-react";
import { rootEntryId, type Share } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { addressOf } from "../../data/files/path.ts";
import { useShareChange } from "../../data/sharing/use-share-change.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { NoRows, Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";
import { ShareDialog, type ShareSubject } from "./share-dialog.tsx";

interface SharesSectionProps {
  readonly title: string;
  /** Said where there are none. */
  readonly none: string;
  readonly shares: readonly Share[];
}

/** Shared folders, each with the way to it and to its people. */
export function SharesSection({ title, none, shares }: SharesSectionProps): ReactNode {
  return (
    <Section title={title}>
      {shares.length === 0 ? (
        <NoRows>{none}</NoRows>
      ) : (
        <Rows label={title}>
          {shares.map((share) => (
            <ShareRow key={share.workspace_id} share={share} />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function ShareRow({ share }: { readonly share: Share }): ReactNode {
  const { t } = useSharingWords();
  const [managing, setManaging] = useState(false);
  const { role, owner, members, mount_path: path } = share;
  const name = nameOf(share);
  return (
    <Row
      icon={FolderSymlink}
      title={name}
      facts={[
        role === "owner" ? undefined : t("page.of", { who: owner }),
        role === "owner" ? undefined : t(`role.${role}`),
        t("page.members", { count: members }),
        path === null ? t("page.away") : t("page.at", { path }),
      ]}
    >
      <button
        type="button"
        className="button"
        aria-label={t("page.manageOf", { name })}
        onClick={() => setManaging(true)}
      >
        {t("page.manage")}
      </button>
      {path === null ? (
        <BringBack share={share} />
      ) : (
        <Link to={addressOf(path.slice(1))} className="button" aria-label={t("page.openOf", { name })}>
          {t("page.open")}
        </Link>
      )}
      {managing ? <ShareDialog subject={subjectOf(share)} onClose={() => setManaging(false)} /> : null}
    </Row>
  );
}

/** For a member who had taken the folder off their files. */
function BringBack({ share }: { readonly share: Share }): ReactNode {
  const { t } = useSharingWords();
  const { api } = useApp();
  const name = nameOf(share);
  const bring = useShareChange(
    () => api.acceptShare({ workspaceId: share.workspace_id }),
    () => t("page.broughtBack", { name }),
  );
  return (
    <button
      type="button"
      className="button"
      disabled={bring.isPending}
      aria-label={t("page.bringBackOf", { name })}
      onClick={() => bring.mutate(undefined)}
    >
      {t("page.bringBack")}
    </button>
  );
}

/** What the account calls it. */
function nameOf({ name, mount_path: path }: Share): string {
  return path?.split("/").at(-1) ?? name;
}

function subjectOf(share: Share): ShareSubject {
  const { workspace_id: mounts, mount_id: id } = share;
  return { id: id ?? rootEntryId(mounts), name: nameOf(share), type: "folder", mounts };
}
