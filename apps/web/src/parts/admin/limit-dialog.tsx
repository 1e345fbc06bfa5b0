import { useState, type ReactNode, type SubmitEvent } from "react";
import type { AdminAccount } from "@satchel/protocol";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import styles from "../settings/settings.module.css";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

const gigabyte = 1e9;

interface LimitDialogProps {
  readonly account: AdminAccount;
  /** In bytes; null for no limit. */
  readonly onLimit: (quotaBytes: number | null) => void;
  readonly onClose: () => void;
}

/** Asks how much an account may store. */
export function LimitDialog({ account, onLimit, onClose }: LimitDialogProps): ReactNode {
  const { t } = useAdminWords();
  const [text, setText] = useState(account.quota_bytes === null ? "" : String(account.quota_bytes / gigabyte));
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onLimit(text.trim() === "" ? null : Math.round(Number(text) * gigabyte));
    onClose();
  };
  return (
    <DialogFrame title={t("limit.title", { user: account.user })} lead={t("limit.lead")} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <div className="field">
          <label htmlFor="account-limit">{t("limit.label")}</label>
          <input
            id="account-limit"
            type="number"
            min="0"
            max="9000000"
            step="any"
            inputMode="decimal"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <DialogActions close={t("cancel")}>
          <button type="submit" className="button primary">
            {t("limit.submit")}
          </button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}
