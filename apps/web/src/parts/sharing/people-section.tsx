import { useId, useState, type ReactNode, type SubmitEvent } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import type { InvitedRole, Share } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useShareChange } from "../../data/sharing/use-share-change.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { LoadedPages } from "../pane/loaded-pages.tsx";
import { Section } from "../pane/section.tsx";
import { InvitationRow } from "./invitation-row.tsx";
import { MemberRow } from "./member-row.tsx";
import { RoleChoice } from "./role-choice.tsx";
import type { ShareSubject } from "./share-dialog.tsx";
import styles from "./sharing.module.css";

const invitedRoles = ["editor", "viewer"] as const;

interface PeopleSectionProps {
  readonly subject: ShareSubject;
  /** Not there while the folder is its owner's alone. */
  readonly share: Share | undefined;
}

/** Who has the folder, and who else is asked. */
export function PeopleSection({ subject, share }: PeopleSectionProps): ReactNode {
  const { t } = useSharingWords();
  const isOwner = share === undefined || share.role === "owner";
  return (
    <Section title={t("dialog.people")} lead={isOwner ? t("dialog.peopleLead") : undefined}>
      {isOwner ? <InvitationForm subject={subject} /> : null}
      {share ? <Members share={share} /> : <p className={styles.soft}>{t("dialog.noPeople")}</p>}
    </Section>
  );
}

function InvitationForm({ subject }: { readonly subject: ShareSubject }): ReactNode {
  const { t } = useSharingWords();
  const { api } = useApp();
  const id = useId();
  const [who, setWho] = useState("");
  const [role, setRole] = useState<InvitedRole>("editor");
  const invite = useShareChange(
    async (invited: { readonly who: string; readonly role: InvitedRole }) => {
      // A folder becomes a shared one with the first invitation; one that is shared already stays what it is.
      const workspaceId = subject.mounts ?? (await api.createShare(subject.id)).workspace_id;
      await api.inviteToShare({ workspaceId, ...invited });
    },
    (invited) => t(`dialog.invited_${invited.role}`, { who: invited.who }),
    {
      not_found: ({ who: nobody }) => t("dialog.nobody", { who: nobody }),
      limit_exceeded: () => t("dialog.full"),
    },
  );
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    invite.mutate({ who: who.trim(), role }, { onSuccess: () => setWho("") });
  };
  return (
    <form className={styles.invite} onSubmit={submit}>
      <div className="field">
        <label htmlFor={id}>{t("dialog.who")}</label>
        <input
          id={id}
          value={who}
          required
          maxLength={254}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setWho(event.target.value)}
        />
      </div>
      <RoleChoice label={t("dialog.roleNew")} roles={invitedRoles} value={role} onChoose={setRole} />
      <button type="submit" className="button primary" disabled={invite.isPending}>
        <UserPlus size={17} aria-hidden />
        {t("dialog.invite")}
      </button>
    </form>
  );
}

function Members({ share }: { readonly share: Share }): ReactNode {
  const { t } = useSharingWords();
  const { api } = useApp();
  const { workspace_id: workspaceId } = share;
  const members = useInfiniteQuery({
    queryKey: ["share-members", workspaceId],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.shareMembers({ workspaceId, cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.cursor,
  });
  return (
    <LoadedPages query={members}>
      {(pages) => (
        <ul className={styles.people} aria-label={t("dialog.people")}>
          {pages.flatMap((page) =>
            page.members.map((member) => <MemberRow key={member.account_id} share={share} member={member} />),
          )}
          {pages.flatMap((page) =>
            page.invitations.map((invitation) => (
              <InvitationRow key={invitation.who} workspaceId={workspaceId} invitation={invitation} />
            )),
          )}
        </ul>
      )}
    </LoadedPages>
  );
}
