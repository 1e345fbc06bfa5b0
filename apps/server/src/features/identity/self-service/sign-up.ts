import { ProblemError, type AccountId } from "@satchel/protocol";
import type { IdentityStore } from "../../../storage/metadata/identity-store.ts";
import type { Audit } from "../../audit/audit.ts";
import type { Accounts } from "../accounts.ts";
import type { AttemptLimiter } from "../attempts/attempt-limiter.ts";
import type { PasswordHasher } from "../password-hasher.ts";
import { confirmWithinMs, invitationMs } from "./link-times.ts";
import type { Language } from "./mail-texts.ts";
import type { Notices } from "./notices.ts";
import type { OneTimeLinks } from "./one-time-links.ts";
import { findFormProblem, isEmail, type SignUpProblem } from "./sign-up-problem.ts";

/** Who may make an account by themselves: everybody; whoever was invited; nobody. */
export type SignUpPolicy = "open" | "invitation" | "closed";

export interface SignUpForm {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly invitation: string | undefined;
}

interface SignUpParts {
  readonly store: IdentityStore;
  readonly accounts: Pick<Accounts, "addHashed">;
  readonly passwords: PasswordHasher;
  readonly links: OneTimeLinks;
  readonly notices: Notices;
  readonly audit: Audit;
  readonly policy: SignUpPolicy;
  readonly limiter: AttemptLimiter;
}

/** What waits for its confirmation: the account is made by it, and not before. */
interface PendingSignUp {
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
}

export type SignUp = ReturnType<typeof createSignUp>;

/** How people make accounts by themselves. */
export function createSignUp(parts: SignUpParts) {
  const { store, links, notices, policy } = parts;

  async function problemOf({ name, email, password }: SignUpForm): Promise<SignUpProblem | undefined> {
    const problem = findFormProblem({ name, email, password });
    const isOfName = problem === "name_invalid" || problem === "email_invalid";
    return !isOfName && (await store.isNameTaken(name)) ? "name_taken" : problem;
  }

  return {
    policy,
    /** May whoever shows this invitation make an account? */
    async isOpenTo(invitation: string | undefined): Promise<boolean> {
      if (policy === "closed") return false;
      return policy === "open" || (await links.look("invitation", invitation ?? "")) !== undefined;
    },
    /**
     * Sends a link to the address, whose use makes the account; or, with an invitation, makes it at once, with the address still to be confirmed. To an address that has an
     * account goes another message, so that the answer tells a stranger nothing.
     * @throws forbidden when the policy doesn't let them; too_many_requests when the address was written to too often
     */
    async begin(
      form: SignUpForm,
      { linkTo, language }: LinkOptions,
    ): Promise<{ problem: SignUpProblem } | { accountId: AccountId | undefined }> {
      const isInvited =
        form.invitation !== undefined && (await links.look("invitation", form.invitation)) !== undefined;
      if (policy === "closed" || (policy === "invitation" && !isInvited)) throw notOpen();
      const problem = await problemOf(form);
      if (problem) return { problem };
      await parts.limiter.ration(`mail ${form.email.toLowerCase()}`);
      const passwordHash = await parts.passwords.hash(form.password);
      const { name, email } = form;
      if (isInvited) {
        if ((await links.take("invitation", form.invitation ?? "")) === undefined) throw notOpen();
        const accountId = await make(parts, { name, email, passwordHash }, "no");
        const secret = await links.make("change_email", { accountId, payload: { email }, ttlMs: confirmWithinMs });
        await notices.confirmEmail(email, accountId, linkTo("confirm-email", secret), language);
        return { accountId };
      }
      const owner = await store.findAccountByEmail(email);
      if (owner) {
        await links.pretend("sign_up");
        await notices.hasAccount(owner, language);
      } else {
        const payload: PendingSignUp = { name, email, passwordHash };
        const secret = await links.make("sign_up", { accountId: null, payload, ttlMs: confirmWithinMs });
        await notices.confirmSignUp(email, linkTo("confirm", secret), language);
      }
      return { accountId: undefined };
    },
    /** Makes the account that the link was sent for; undefined when the link is no good. @throws account_exists when the name or address was taken meanwhile */
    async confirm(secret: string): Promise<AccountId | undefined> {
      const pending = await links.take<PendingSignUp>("sign_up", secret);
      return pending && (await make(parts, pending.payload, "claim"));
    },
    /** A link that lets one person in, for 7 days; mailed, if there is an address. */
    async invite(email: string | undefined, { linkTo, language }: LinkOptions): Promise<string> {
      if (email !== undefined && !isEmail(email)) throw new ProblemError("bad_request", "email: not an address");
      const link = linkTo(
        "sign-up",
        await links.make("invitation", { accountId: null, payload: { email }, ttlMs: invitationMs }),
      );
      if (email !== undefined) await notices.invitation(email, link, language);
      return link;
    },
  };
}

export interface LinkOptions {
  /** The address of a page of ours, with a secret in it. */
  readonly linkTo: (page: LinkedPage, secret: string) => string;
  readonly language: Language;
}

/** Pages that are reached by a link with a secret. */
export type LinkedPage = "confirm" | "confirm-email" | "reset" | "sign-up";

async function make(
  { accounts, audit }: SignUpParts,
  pending: PendingSignUp,
  emailConfirmed: "claim" | "no",
): Promise<AccountId> {
  const accountId = await accounts.addHashed({ ...pending, emailConfirmed, isAdmin: false, quotaBytes: null });
  await audit.record({ action: "account_created", accountId, detail: { by: "sign-up" } });
  return accountId;
}

function notOpen(): ProblemError {
  return new ProblemError("forbidden", "nobody can make an account here without an invitation");
}
