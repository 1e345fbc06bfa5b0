import { isBreachedPassword } from "./breached-passwords.ts";

/** Why a password is no good: too short, too long, known to everybody who guesses passwords, or the person's own name. */
export type PasswordProblem = "password_short" | "password_long" | "password_breached" | "password_is_name";

/** As `passwordSchema` of the protocol. */
export const passwordLength = { min: 8, max: 256 } as const;

/**
 * The rules for a password that a person chooses (NIST SP 800-63B): length, and not one that is tried first. No rule of composition, no expiry. `words` are the
 * person's name and address.
 */
export function findPasswordProblem(password: string, words: readonly string[]): PasswordProblem | undefined {
  const length = Array.from(password).length;
  if (length < passwordLength.min) return "password_short";
  if (password.length > passwordLength.max) return "password_long";
  const parts = words.flatMap((word) => [word, ...word.split("@")]).map((word) => word.toLowerCase());
  if (parts.some((part) => part.length > 2 && isMadeOf(password.toLowerCase(), part))) return "password_is_name";
  return isBreachedPassword(password) ? "password_breached" : undefined;
}

/** Is the name the whole of it, but for a few digits and signs around it? */
function isMadeOf(password: string, name: string): boolean {
  const rest = password.replaceAll(name, "").replaceAll(/[^\p{L}]/gu, "");
  return password.includes(name) && rest.length < 3;
}
