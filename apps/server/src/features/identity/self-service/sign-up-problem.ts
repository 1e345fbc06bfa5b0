import { userNameSchema } from "@satchel/protocol";
import { z } from "zod";
import { findPasswordProblem, type PasswordProblem } from "../passwords/password-rules.ts";

/** Why a form can't be taken. */
export type SignUpProblem = PasswordProblem | "name_invalid" | "name_taken" | "email_invalid";

/** What is wrong with what somebody chose for a new account, as far as the form itself shows it. */
export function findFormProblem(form: {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}): SignUpProblem | undefined {
  const { name, email, password } = form;
  // Marks at an end are overlooked: `ann.` would pass for `ann`.
  if (/^[._-]|[._-]$/.test(name)) return "name_invalid";
  // An address as a name could be taken for somebody's address.
  if (!userNameSchema.safeParse(name).success || /[@+]/.test(name)) return "name_invalid";
  if (!isEmail(email)) return "email_invalid";
  return findPasswordProblem(password, [name, email]);
}

export function isEmail(text: string): boolean {
  return z.email().max(254).safeParse(text).success;
}
