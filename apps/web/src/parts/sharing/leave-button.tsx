import { useState, type ReactNode } from "react";
import { LogOut } from "lucide-react";
import type { Share } from "@satchel/protocol";
import { useApp } from "../../data/app-context.ts";
import { useShareChange } from "../../data/sharing/use-share-change.ts";
import { useSharingWords } from "../../words/sharing/use-sharing-words.ts";
import { ConfirmDialog } from "../pane/confirm-dialog.tsx";

interface LeaveButtonProps {
  readonly share: Share;
  readonly onLeft?: () => void;
}

/** The way out of a folder that belongs to somebody else. */
export function LeaveButton({ share, onLeft }: LeaveButtonProps): ReactNode {
  const { t } = useSharingWords();
  const { api } = useApp();
  const [asking, setAsking] = useState(false);
  const { name, workspace_id: workspaceId } = share;
  const leave = useShareChange(
    () => api.leaveShare(workspaceId),
    () => t("dialog.left", { name }),
  );
  return (
    <p>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        <LogOut size={17} aria-hidden />
        {t("dialog.leave")}
      </button>
      {asking ? (
        <ConfirmDialog
          title={t("dialog.leaveTitle", { name })}
          lead={t("dialog.leaveLead")}
          submit={t("dialog.leaveSubmit")}
          onConfirm={() => leave.mutate(undefined, { onSuccess: () => onLeft?.() })}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </p>
  );
}
