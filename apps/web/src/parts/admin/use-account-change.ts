import { Toast } from "@base-ui/react/toast";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ProblemError, type AdminAccount, type AdminAccountChange } from "@satchel/protocol";
import { useTranslation } from "react-i18next";
import { useAdminCalls } from "../../data/admin-calls.ts";
import { useAdminWords } from "../../words/admin/use-admin-words.ts";
import { problemWords } from "../../words/words.ts";

/** Changes an account, and says what came of it. */
export function useAccountChange({ account_id: id, user }: AdminAccount): (change: AdminAccountChange) => void {
  const { t } = useAdminWords();
  const { t: tell } = useTranslation();
  const calls = useAdminCalls();
  const queries = useQueryClient();
  const { add } = Toast.useToastManager();
  const { mutate } = useMutation({
    mutationFn: (change: AdminAccountChange) => calls.changeAccount(id, change),
    onSuccess: () => add({ title: t("accounts.done", { user }) }),
    onError: (error) => {
      const reason = problemWords(tell, error instanceof ProblemError ? error.code : "internal");
      add({ type: "error", title: t("accounts.failed", { user, reason }) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["admin", "accounts"] }),
  });
  return mutate;
}
