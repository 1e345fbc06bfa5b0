import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import type { Proof } from "@satchel/api-client";
import { ProblemError } from "@satchel/protocol";
import { useAccountCalls } from "../../data/account-calls.ts";
import { useSettingsWords } from "../../words/settings/use-settings-words.ts";

/** The password, and the code where the account asks for one: what a token alone is not enough for. */
export interface ProofForm {
  readonly proof: Proof;
  readonly setProof: (proof: Proof) => void;
  readonly needsCode: boolean;
  /** What was wrong with it, for people; empty for nothing. */
  readonly problem: string;
  readonly isBusy: boolean;
  /** Does what the proof is for. */
  submit(work: (proof: Proof) => Promise<void>): void;
}

export function useProof(): ProofForm {
  const { t } = useSettingsWords();
  const calls = useAccountCalls();
  const ways = useQuery({ queryKey: ["sign-in-ways"], queryFn: ({ signal }) => calls.signInWays({ signal }) });
  const [proof, setProof] = useState<Proof>({ password: "" });
  const [problem, setProblem] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const say = (error: unknown): void => {
    const code = error instanceof ProblemError ? error.code : undefined;
    if (code === "wrong_credentials") setProblem(t("proof.wrong"));
    else if (code === "second_factor_required") setProblem(t("proof.otpNeeded"));
    else if (code === "too_many_requests") setProblem(t("proof.tooMany"));
    else throw error;
  };
  return {
    proof,
    setProof,
    needsCode: ways.data ? ways.data.authenticator_app || ways.data.passkeys.length > 0 : false,
    problem,
    isBusy,
    submit(work) {
      setIsBusy(true);
      setProblem("");
      const { password, otp } = proof;
      work({ password, ...(otp ? { otp } : {}) })
        .catch(say)
        .catch((error: unknown) => reportError(error))
        .finally(() => setIsBusy(false));
    },
  };
}
