import { useId, type ReactNode } from "react";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";
import type { ProofForm } from "./use-proof.ts";

/** Fields for the password, and for a code where the account asks for one. */
export function ProofFields({ form }: { readonly form: ProofForm }): ReactNode {
  const { t } = useSettingsWords();
  const id = useId();
  const { proof, setProof, needsCode, problem } = form;
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-password`}>{t("proof.password")}</label>
        <input
          id={`${id}-password`}
          type="password"
          autoComplete="current-password"
          required
          value={proof.password}
          aria-invalid={problem !== ""}
          aria-describedby={`${id}-problem`}
          onChange={(event) => setProof({ ...proof, password: event.target.value })}
        />
      </div>
      {needsCode ? (
        <div className="field">
          <label htmlFor={`${id}-otp`}>{t("proof.otp")}</label>
          <input
            id={`${id}-otp`}
            autoComplete="one-time-code"
            required
            value={proof.otp ?? ""}
            onChange={(event) => setProof({ ...proof, otp: event.target.value })}
          />
        </div>
      ) : null}
      <p id={`${id}-problem`} className="problem" role="alert">
        {problem}
      </p>
    </>
  );
}
