import { useState, type ReactNode, type SubmitEvent } from "react";
import { Toast } from "@base-ui/react/toast";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useAccountCalls } from "../../data/account-calls.ts";
import { useApp } from "../../data/app-context.ts";
import { serverUrl } from "../../data/base-path.ts";
import { formatInstantFully } from "../../words/format.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { Loaded } from "../pane/loaded.tsx";
import { Section } from "../pane/section.tsx";
import { ProofFields } from "./proof-fields.tsx";
import styles from "./settings.module.css";
import { useProof } from "./use-proof.ts";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

/** Taking everything along, and being forgotten. */
export function DataSection(): ReactNode {
  const { t } = useSettingsWords();
  return (
    <>
      <Section title={t("data.export")} lead={t("data.exportLead")}>
        <p>
          {/* The server's own page asks again who it is, then sends the archive. */}
          <a className="button" href={`${serverUrl}/account/export`} download>
            <Download size={17} aria-hidden />
            {t("data.exportStart")}
          </a>
        </p>
      </Section>
      <DeletionSection />
    </>
  );
}

function DeletionSection(): ReactNode {
  const { t, i18n } = useSettingsWords();
  const calls = useAccountCalls();
  const queries = useQueryClient();
  const { add } = Toast.useToastManager();
  const [asking, setAsking] = useState(false);
  // In an object, since no answer at all is something else than the answer that there is no deletion.
  const deletion = useQuery({
    queryKey: ["deletion"],
    queryFn: async ({ signal }) => ({ due: await calls.deletion({ signal }) }),
  });
  const keep = useMutation({
    mutationFn: () => calls.cancelDeletion(),
    onSuccess: () => add({ title: t("data.kept") }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["deletion"] }),
  });
  return (
    <Section title={t("data.delete")} lead={t("data.deleteLead")}>
      <Loaded query={deletion}>
        {({ due }) =>
          due === null ? (
            <p>
              <button type="button" className="button" onClick={() => setAsking(true)}>
                {t("data.deleteStart")}
              </button>
            </p>
          ) : (
            <>
              <p className={styles.due}>{t("data.due", { time: formatInstantFully(due, i18n.language) })}</p>
              <p>
                <button
                  type="button"
                  className="button primary"
                  disabled={keep.isPending}
                  onClick={() => keep.mutate()}
                >
                  {t("data.keep")}
                </button>
              </p>
            </>
          )
        }
      </Loaded>
      {asking ? <DeletionDialog onClose={() => setAsking(false)} /> : null}
    </Section>
  );
}

function DeletionDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t, i18n } = useSettingsWords();
  const { user } = useApp();
  const calls = useAccountCalls();
  const queries = useQueryClient();
  const { add } = Toast.useToastManager();
  const form = useProof();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    form.submit(async (proof) => {
      const due = await calls.requestDeletion(proof);
      if (due !== null) add({ title: t("data.asked", { time: formatInstantFully(due, i18n.language) }) });
      onClose();
      await queries.invalidateQueries({ queryKey: ["deletion"] });
    });
  };
  return (
    <DialogFrame title={t("data.deleteTitle", { user })} lead={t("data.deleteLead")} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <ProofFields form={form} />
        <DialogActions close={t("cancel")}>
          <button type="submit" className="button primary" disabled={form.isBusy}>
            {t("data.deleteConfirm")}
          </button>
        </DialogActions>
      </form>
    </DialogFrame>
  );
}
