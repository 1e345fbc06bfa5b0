import { useState, type ReactNode } from "react";
import { FolderHeart } from "lucide-react";
import type { ReceivedInvitation } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useShareChange } from "../../data/sharing/use-share-change.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { Row, Rows } from "../pane/rows.tsx";
import { Section } from "../pane/section.tsx";
import { AcceptDialog } from "./accept-dialog.tsx";

interface InvitationsSectionProps {
  readonly invitations: readonly ReceivedInvitation[];
}

/** What waits for an answer; nothing at all where nothing does. */
export function InvitationsSection({ invitations }: InvitationsSectionProps): ReactNode {
  const { t } = useSharingWords();
  if (invitations.length === 0) return null;
  return (
    <Section title={t("page.invitations")}>
      <Rows label={t("page.invitations")}>
        {invitations.map((invitation) => (
          <InvitationRow key={invitation.workspace_id} invitation={invitation} />
        ))}
      </Rows>
    </Section>
  );
}

function InvitationRow({ invitation }: { readonly invitation: ReceivedInvitation }): ReactNode {
  const { t } = useSharingWords();
  const { api } = useApp();
  const [accepting, setAccepting] = useState(false);
  const { name, role, invited_by: who, workspace_id: workspaceId } = invitation;
  const decline = useShareChange(
    () => api.declineShare(workspaceId),
    () => t("page.declined", { name }),
  );
  const said = { who, role: t(`role.${role}`) };
  return (
    <Row
      icon={FolderHeart}
      title={name}
      facts={[who === "" ? t("page.invitedByNobody", said) : t("page.invitedBy", said)]}
    >
      <button
        type="button"
        className="button"
        disabled={decline.isPending}
        aria-label={t("page.declineOf", { name })}
        onClick={() => decline.mutate(undefined)}
      >
        {t("page.decline")}
      </button>
      <button
        type="button"
        className="button primary"
        aria-label={t("page.acceptOf", { name })}
        onClick={() => setAccepting(true)}
      >
        {t("page.accept")}
      </button>
      {accepting ? <AcceptDialog invitation={invitation} onClose={() => setAccepting(false)} /> : null}
    </Row>
  );
}
