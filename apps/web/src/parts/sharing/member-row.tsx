import { useState, type ReactNode } from "react";
import { X } from "lucide-react";
import type { Share, ShareMember, ShareRole } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useShareChange } from "../../data/sharing/use-share-change.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { ConfirmDialog } from "../pane/confirm-dialog.tsx";
import { Person } from "./person.tsx";
import { RoleChoice } from "./role-choice.tsx";
import styles from "./sharing.module.css";

const roles = ["editor", "viewer", "owner"] as const;

interface MemberRowProps {
  readonly share: Share;
  readonly member: ShareMember;
}

/** A member; for the owner with what can be made of them. */
export function MemberRow({ share, member }: MemberRowProps): ReactNode {
  const { t } = useSharingWords();
  const { user } = useApp();
  const you = member.user === user ? t("dialog.you") : undefined;
  return (
    <Person name={member.user} badge={you}>
      {share.role === "owner" && member.role !== "owner" ? (
        <MemberControls share={share} member={member} />
      ) : (
        <span className={styles.soft}>{t(`role.${member.role}`)}</span>
      )}
    </Person>
  );
}

function MemberControls({ share: { workspace_id: workspaceId }, member }: MemberRowProps): ReactNode {
  const { t } = useSharingWords();
  const { api } = useApp();
  const [asking, setAsking] = useState<"remove" | "hand-over">();
  const { account_id: accountId, user: who } = member;
  const change = useShareChange(
    (role: ShareRole) => api.setShareRole({ workspaceId, accountId, role }),
    (role) => t(`dialog.roleChanged_${role}`, { who }),
  );
  const remove = useShareChange(
    () => api.removeFromShare({ workspaceId, accountId }),
    () => t("dialog.removed", { who }),
  );
  return (
    <>
      <RoleChoice
        label={t("dialog.roleOf", { who })}
        roles={roles}
        value={member.role}
        onChoose={(role) => (role === "owner" ? setAsking("hand-over") : change.mutate(role))}
      />
      <button
        type="button"
        className="button quiet icon"
        aria-label={t("dialog.removeOf", { who })}
        title={t("dialog.remove")}
        onClick={() => setAsking("remove")}
      >
        <X size={18} aria-hidden />
      </button>
      {asking === "remove" ? (
        <ConfirmDialog
          title={t("dialog.removeTitle", { who })}
          lead={t("dialog.removeLead")}
          submit={t("dialog.remove")}
          onConfirm={() => remove.mutate(undefined)}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
      {asking === "hand-over" ? (
        <ConfirmDialog
          title={t("dialog.handOverTitle", { who })}
          lead={t("dialog.handOverLead", { who })}
          submit={t("dialog.handOver")}
          onConfirm={() => change.mutate("owner")}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
    </>
  );
}
