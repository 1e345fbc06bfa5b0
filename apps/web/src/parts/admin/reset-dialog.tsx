import { useState, type ReactNode, type SubmitEvent } from "react";
import { useMutation } from "@tanstack/react-query";
import type { AdminAccount, AdminLink } from "@satchel/protocol";
import { useAdminCalls } from "../../data/admin-calls.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { CopyField } from "../settings/copy-field.tsx";
import styles from "../settings/settings.module.css";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

interface ResetDialogProps {
  readonly account: AdminAccount;
  readonly onClose: () => void;
}

/** Makes a link by which somebody who can't sign in any more chooses a new password. */
export function ResetDialog({ account, onClose }: ResetDialogProps): ReactNode {
  const { t } = useAdminWords();
  const { user } = account;
  const calls = useAdminCalls();
  const [removeFactors, setRemoveFactors] = useState(false);
  const reset = useMutation({ mutationFn: () => calls.resetSignIn(account.account_id, { removeFactors }) });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    reset.mutate();
  };
  return (
    <DialogFrame title={t("reset.title", { user })} lead={t("reset.lead")} onClose={onClose}>
      {reset.data ? (
        <Made label={t("reset.link", { user })} link={reset.data} />
      ) : (
        <form className={styles.form} onSubmit={submit}>
          <label className={styles.switch}>
            <input
              type="checkbox"
              checked={removeFactors}
              onChange={(event) => setRemoveFactors(event.target.checked)}
            />
            <span>{t("reset.factors")}</span>
          </label>
          <DialogActions close={t("cancel")}>
            <button type="submit" className="button primary" disabled={reset.isPending}>
              {t("reset.submit")}
            </button>
          </DialogActions>
        </form>
      )}
    </DialogFrame>
  );
}

function Made({ label, link }: { readonly label: string; readonly link: AdminLink }): ReactNode {
  const { t } = useAdminWords();
  return (
    <>
      <CopyField label={label} value={link.link} />
      <p className="lead">{link.mailed ? t("reset.mailed") : t("reset.handOver")}</p>
      <DialogActions close={t("close")} isDone />
    </>
  );
}
