import type { ReactNode } from "react";
import { X } from "lucide-react";
import type { InvitedRole, SentInvitation, WorkspaceId } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useShareChange } from "../../data/sharing/use-share-change.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { Person } from "./person.tsx";
import { RoleChoice } from "./role-choice.tsx";

const invitedRoles = ["editor", "viewer"] as const;

interface InvitationRowProps {
  readonly workspaceId: WorkspaceId;
  readonly invitation: SentInvitation;
}

/** Somebody who was asked, and hasn't answered yet. */
export function InvitationRow({ workspaceId, invitation: { who, role } }: InvitationRowProps): ReactNode {
  const { t } = useSharingWords();
  const { api } = useApp();
  const change = useShareChange(
    (next: InvitedRole) => api.inviteToShare({ workspaceId, who, role: next }),
    (next) => t(`dialog.invited_${next}`, { who }),
  );
  const takeBack = useShareChange(
    () => api.uninviteFromShare({ workspaceId, who }),
    () => t("dialog.takenBack", { who }),
  );
  return (
    <Person name={who} badge={t("dialog.pending")}>
      <RoleChoice
        label={t("dialog.roleOf", { who })}
        roles={invitedRoles}
        value={role}
        onChoose={(next) => change.mutate(next)}
      />
      <button
        type="button"
        className="button quiet icon"
        aria-label={t("dialog.takeBackOf", { who })}
        title={t("dialog.takeBack")}
        onClick={() => takeBack.mutate(undefined)}
      >
        <X size={18} aria-hidden />
      </button>
    </Person>
  );
}
