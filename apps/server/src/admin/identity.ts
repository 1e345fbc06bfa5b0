import { encodeIdPart, idPartBytes, ProblemError } from "@satchel/protocol";
import { leaveMail } from "./mail.ts";
import type { ServerConfig } from "../config/config.ts";
import { createAccounts } from "../features/identity/accounts.ts";
import { createPasswordHasher } from "../features/identity/password-hasher.ts";
import { mailTexts } from "../features/identity/self-service/mail-texts.ts";
import { createOneTimeLinks } from "../features/identity/self-service/one-time-links.ts";
import { invitationMs } from "../features/identity/self-service/link-times.ts";
import { isEmail } from "../features/identity/self-service/sign-up-problem.ts";
import { deliverBySmtp } from "../features/mail/smtp.ts";
import { openAudit } from "../start/open-audit.ts";
import type { MetadataStore } from "../storage/metadata/metadata-store.ts";
import type { OAuthClient } from "../storage/metadata/oauth-store.ts";
import { systemHost } from "../system-host.ts";
import { withMetadata } from "./with-metadata.ts";

/** What `satchel admin` does about who gets in. Each opens the store by itself, beside a running server or without one, and closes it. */

/**
 * The path and query of a link that lets one person make an account, for 7 days; mailed to `email`, where mail is set up.
 * @throws ProblemError: bad_request
 */
export async function inviteUser(
  config: ServerConfig,
  email: string | undefined,
): Promise<{ path: string; isMailed: boolean }> {
  if (email !== undefined && !isEmail(email)) throw new ProblemError("bad_request", `${email} is no e-mail address`);
  return await withMetadata(config, async (metadata) => {
    const links = createOneTimeLinks({ store: metadata.signIn, host: systemHost });
    const secret = await links.make("invitation", { accountId: null, payload: { email }, ttlMs: invitationMs });
    const audit = await openAudit(config, metadata);
    const detail = { by: "command", email: email ?? null };
    await audit.record({ action: "invitation_made", accountId: null, detail });
    const path = `/sign-up?secret=${secret}`;
    const { smtp } = config.identity;
    if (!smtp || email === undefined) return { path, isMailed: false };
    const message = mailTexts.en.invitation(`${config.publicUrl ?? ""}${path}`);
    const id = encodeIdPart(systemHost.randomBytes(idPartBytes));
    // At once rather than from the queue: whoever asks waits for the outcome.
    await deliverBySmtp(smtp)({ id, to: email, ...message }).catch((cause: unknown) => {
      throw new Error("the mail server did not take the message", { cause });
    });
    return { path, isMailed: true };
  });
}

/** Makes a program of others known; answers its client id. @throws ProblemError: bad_request */
export async function addOAuthClient(
  config: ServerConfig,
  { name, redirectUris }: { readonly name: string; readonly redirectUris: readonly string[] },
): Promise<string> {
  const wrong = redirectUris.find((uri) => !isGoodRedirect(uri));
  if (wrong !== undefined)
    throw new ProblemError("bad_request", `${wrong} is neither https, nor a loopback address, nor an app's own scheme`);
  return await withMetadata(config, async (metadata) => {
    const { oauth } = metadata;
    const id = encodeIdPart(systemHost.randomBytes(idPartBytes));
    await oauth.addClient({ id, name, redirectUris, createdAtMs: systemHost.nowMs() });
    await recordProgram(config, metadata, { change: "made known", program: id, name });
    return id;
  });
}

export async function listOAuthClients(config: ServerConfig): Promise<OAuthClient[]> {
  return await withMetadata(config, ({ oauth }) => oauth.listClients());
}

/** What it got keeps working until it is revoked, account by account. @throws ProblemError: not_found */
export async function removeOAuthClient(config: ServerConfig, id: string): Promise<void> {
  await withMetadata(config, async (metadata) => {
    await metadata.oauth.removeClient(id);
    await recordProgram(config, metadata, { change: "removed", program: id });
  });
}

async function recordProgram(
  config: ServerConfig,
  metadata: MetadataStore,
  detail: Readonly<Record<string, string>>,
): Promise<void> {
  const audit = await openAudit(config, metadata);
  await audit.record({ action: "program_changed", accountId: null, detail: { by: "command", ...detail } });
}

/** For somebody who lost phone and codes: takes the authenticator app, the recovery codes and the passkeys away, which the account's address is told. @throws ProblemError: not_found */
export async function removeUserFactors(config: ServerConfig, name: string): Promise<void> {
  await withMetadata(config, async (metadata) => {
    const passwords = createPasswordHasher();
    const accounts = createAccounts({ store: metadata.identity, passwords, host: systemHost });
    const account = await accounts.find(name);
    const { id } = account;
    await metadata.factors.removeTotp(id);
    await metadata.factors.setRecoveryCodes(id, []);
    for (const { credentialId } of await metadata.factors.listPasskeys(id))
      await metadata.factors.removePasskey(id, credentialId);
    const audit = await openAudit(config, metadata);
    const detail = { by: "command", change: "all removed" };
    await audit.record({ action: "factor_changed", accountId: id, actor: null, detail });
    const message = mailTexts.en.wayInChanged(account.name, "all_removed");
    await leaveMail(config, metadata, { to: account.email, accountId: id, ...message });
  });
}

/** RFC 8252: claimed https addresses, loopback addresses, and private schemes, which hold a dot. */
function isGoodRedirect(text: string): boolean {
  const uri = URL.canParse(text) ? new URL(text) : undefined;
  if (!uri || uri.hash !== "") return false;
  if (uri.protocol === "http:") return ["127.0.0.1", "[::1]"].includes(uri.hostname);
  return uri.protocol === "https:" || uri.protocol.includes(".");
}
