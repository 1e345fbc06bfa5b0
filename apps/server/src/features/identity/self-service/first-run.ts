import { hash, timingSafeEqual } from "node:crypto";
import { ProblemError, type AccountId } from "@satchel/protocol";
import type { Audit } from "../../audit/audit.ts";
import type { Accounts } from "../accounts.ts";
import type { AttemptLimiter } from "../attempts/attempt-limiter.ts";
import type { PasswordHasher } from "../password-hasher.ts";
import { findFormProblem, type SignUpProblem } from "./sign-up-problem.ts";

/** Why the first account can't be made like this. */
export type FirstRunProblem = SignUpProblem | "set_up_code";

export interface FirstRunForm {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** What was typed as the set-up code. */
  readonly code: string;
}

interface FirstRunParts {
  readonly accounts: Pick<Accounts, "isEmpty" | "addHashed">;
  readonly passwords: PasswordHasher;
  readonly audit: Audit;
  readonly limiter: AttemptLimiter;
  /** Undefined: nobody makes the first account in a browser. */
  readonly setUpCode: string | undefined;
}

/** The first account, which is its administrator's: made in a browser, once, by whoever sits at the server or reads its set-up code there. */
export function createFirstRun({ accounts, passwords, audit, limiter, setUpCode }: FirstRunParts) {
  /** Where there was an account once, there is never a first one again. */
  let isOver = setUpCode === undefined;

  async function isOpen(): Promise<boolean> {
    if (!isOver && !(await accounts.isEmpty())) isOver = true;
    return !isOver;
  }

  return {
    isOpen,
    /**
     * Makes the administrator's account; undefined when somebody else was the first. Whoever evidently sits at the server (`isAtServer`) needs no code.
     * @throws too_many_requests after a few wrong codes
     */
    async begin(
      form: FirstRunForm,
      { isAtServer }: { readonly isAtServer: boolean },
    ): Promise<{ problem: FirstRunProblem } | { accountId: AccountId } | undefined> {
      if (!(await isOpen())) return undefined;
      if (!isAtServer && !isCode(form.code, setUpCode ?? "")) {
        await limiter.ration("set-up code");
        return { problem: "set_up_code" };
      }
      const problem = findFormProblem(form);
      if (problem) return { problem };
      const { name, email } = form;
      const passwordHash = await passwords.hash(form.password);
      try {
        const user = { name, email, passwordHash, isAdmin: true, quotaBytes: null } as const;
        const accountId = await accounts.addHashed({ ...user, emailConfirmed: "try", mustBeFirst: true });
        isOver = true;
        await audit.record({ action: "account_created", accountId, detail: { by: "set-up", admin: true } });
        return { accountId };
      } catch (error) {
        if (error instanceof ProblemError && error.code === "account_exists") return undefined;
        throw error;
      }
    },
  };
}

/** However it was typed: without its dashes, in any case. */
function isCode(typed: string, code: string): boolean {
  const digest = (text: string): Buffer => hash("sha256", text.toLowerCase().replaceAll(/[^a-z0-9]/g, ""), "buffer");
  return code !== "" && timingSafeEqual(digest(typed), digest(code));
}
