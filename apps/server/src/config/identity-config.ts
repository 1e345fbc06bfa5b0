import type { OutsideProvider } from "../features/identity/outside/outside-sign-in.ts";
import type { SignUpPolicy } from "../features/identity/self-service/sign-up.ts";
import type { SmtpConfig } from "../features/mail/smtp.ts";
import { ServerConfigError } from "./server-config-error.ts";

/** Settings of accounts and sign-in. docs/operate/accounts-and-sign-in.md lists them. */
export interface IdentityConfig {
  /** Who may make an account by themselves. */
  readonly signUp: SignUpPolicy;
  /** Undefined: messages are shown in the server's log. */
  readonly smtp: SmtpConfig | undefined;
  /** Another OpenID provider that people may sign in with. */
  readonly outside: OutsideProvider | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const policies: readonly SignUpPolicy[] = ["open", "invitation", "closed"];

/** @throws ServerConfigError */
export function identityConfig(env: Environment, publicUrl: string | undefined): IdentityConfig {
  const signUp = env["SATCHEL_SIGN_UP"] || "invitation";
  const policy = policies.find((one) => one === signUp);
  if (policy === undefined)
    throw new ServerConfigError(`SATCHEL_SIGN_UP takes one of ${policies.join(", ")}, not "${signUp}"`);
  return { signUp: policy, smtp: parseSmtp(env, publicUrl), outside: parseOutside(env) };
}

function parseSmtp(env: Environment, publicUrl: string | undefined): SmtpConfig | undefined {
  const url = env["SATCHEL_SMTP"];
  if (url === undefined || url === "") return undefined;
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol) || new URL(url).hostname === "")
    throw new ServerConfigError("SATCHEL_SMTP takes an address such as smtp://user:password@mail.example.org:587");
  // A link in a mail must not lead where the caller of a request said that the server is.
  if (publicUrl === undefined)
    throw new ServerConfigError("SATCHEL_SMTP needs --public-url, since messages hold links to this server");
  const from = env["SATCHEL_MAIL_FROM"];
  if (from === undefined || !from.includes("@"))
    throw new ServerConfigError('SATCHEL_SMTP needs SATCHEL_MAIL_FROM, such as "Satchel <satchel@example.org>"');
  return { url, from };
}

function parseOutside(env: Environment): OutsideProvider | undefined {
  const issuer = env["SATCHEL_OIDC_ISSUER"];
  if (issuer === undefined || issuer === "") return undefined;
  const { SATCHEL_OIDC_CLIENT_ID: clientId, SATCHEL_OIDC_CLIENT_SECRET: clientSecret } = env;
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const isLocal = url?.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url?.protocol !== "https:" && !isLocal)
    throw new ServerConfigError(`SATCHEL_OIDC_ISSUER takes an https address, not "${issuer}"`);
  if (!clientId || !clientSecret)
    throw new ServerConfigError("SATCHEL_OIDC_ISSUER needs SATCHEL_OIDC_CLIENT_ID and SATCHEL_OIDC_CLIENT_SECRET");
  return { issuer, clientId, clientSecret, name: env["SATCHEL_OIDC_NAME"] || url?.hostname || issuer };
}
