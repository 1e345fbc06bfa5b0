import type { ReactNode } from "react";
import type { AdminAccount } from "@satchel/protocol";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { ConfirmDialog } from "../pane/confirm-dialog.tsx";
import type { AccountCommand } from "./account-menu.tsx";
import { LimitDialog } from "./limit-dialog.tsx";
import { ResetDialog } from "./reset-dialog.tsx";
import { useAccountChange } from "./use-account-change.ts";

interface AccountDialogProps {
  readonly account: AdminAccount;
  readonly command: Exclude<AccountCommand, "enable">;
  readonly onClose: () => void;
}

/** Carries a command about an account out, after asking what it needs. */
export function AccountDialog({ account, command, onClose }: AccountDialogProps): ReactNode {
  const { t } = useAdminWords();
  const change = useAccountChange(account);
  if (command === "limit")
    return (
      <LimitDialog account={account} onLimit={(quotaBytes) => change({ quota_bytes: quotaBytes })} onClose={onClose} />
    );
  if (command === "reset") return <ResetDialog account={account} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={t("accounts.disableTitle", { user: account.user })}
      lead={t("accounts.disableLead")}
      submit={t("accounts.disable")}
      onConfirm={() => change({ disabled: true })}
      onClose={onClose}
    />
  );
}
