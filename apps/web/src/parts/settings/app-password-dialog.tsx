import { useState, type ReactNode, type SubmitEvent } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { AppPasswordRequest } from "@satchel/api-client";
import { useAccountCalls } from "../../data/account-calls.ts";
import { useApp } from "../../data/app-context.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import { CopyField } from "./copy-field.tsx";
import { ProofFields } from "./proof-fields.tsx";
import styles from "./settings.module.css";
import { useProof } from "./use-proof.ts";
import { DialogActions, DialogFrame } from "../pane/dialog-frame.tsx";

type Scope = AppPasswordRequest["scopes"][number];
const scopes = ["files.read", "files.write", "account.read"] as const satisfies readonly Scope[];
const scopeWords = {
  "files.read": "passwords.scope.read",
  "files.write": "passwords.scope.write",
  "account.read": "passwords.scope.account",
} as const;
const maxNameLength = 100;

interface AppPasswordDialogProps {
  readonly onClose: () => void;
}

/** Asks what an app password is for, makes it, and shows it this once. */
export function AppPasswordDialog({ onClose }: AppPasswordDialogProps): ReactNode {
  const { t } = useSettingsWords();
  const [made, setMade] = useState<{ name: string; password: string }>();
  return (
    <DialogFrame
      title={made ? t("passwords.made", made) : t("passwords.make")}
      lead={made ? t("passwords.madeLead") : t("passwords.makeLead")}
      onClose={onClose}
    >
      {made ? <Made password={made.password} /> : <Form onMade={setMade} />}
    </DialogFrame>
  );
}

function Form({ onMade }: { readonly onMade: (made: { name: string; password: string }) => void }): ReactNode {
  const { t } = useSettingsWords();
  const calls = useAccountCalls();
  const queries = useQueryClient();
  const form = useProof();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly Scope[]>(["files.read", "files.write"]);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    form.submit(async (proof) => {
      const { password } = await calls.createAppPassword({ name, scopes: [...chosen], ...proof });
      onMade({ name, password });
      await queries.invalidateQueries({ queryKey: ["devices"] });
    });
  };
  const turn = (scope: Scope, on: boolean): void =>
    setChosen(scopes.filter((one) => (one === scope ? on : chosen.includes(one))));
  return (
    <form className={styles.form} onSubmit={submit}>
      <div className="field">
        <label htmlFor="app-password-name">{t("passwords.name")}</label>
        <input
          id="app-password-name"
          value={name}
          required
          maxLength={maxNameLength}
          autoComplete="off"
          placeholder={t("passwords.namePlaceholder")}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <fieldset className={styles.choices}>
        <legend>{t("passwords.scopes")}</legend>
        {scopes.map((scope) => (
          <label key={scope}>
            <input
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={(event) => turn(scope, event.target.checked)}
            />
            {t(scopeWords[scope])}
          </label>
        ))}
      </fieldset>
      <ProofFields form={form} />
      <DialogActions close={t("cancel")}>
        <button type="submit" className="button primary" disabled={form.isBusy || chosen.length === 0}>
          {t("passwords.submit")}
        </button>
      </DialogActions>
    </form>
  );
}

function Made({ password }: { readonly password: string }): ReactNode {
  const { t } = useSettingsWords();
  const { user } = useApp();
  return (
    <>
      <CopyField label={t("passwords.user")} value={user} />
      <CopyField label={t("passwords.secret")} value={password} />
      <DialogActions close={t("close")} isDone />
    </>
  );
}
