import { formatTimestamp, ProblemError, type AccountId, type AdminAccount } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import type { Account } from "../../storage/metadata/identity-store.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { Audit } from "../audit/audit.ts";
import type { Notices } from "../identity/self-service/notices.ts";
import type { OneTimeLinks } from "../identity/self-service/one-time-links.ts";
import { resetWithinMs } from "../identity/self-service/link-times.ts";
import type { LinkOptions } from "../identity/self-service/sign-up.ts";
import { tellEnded } from "../identity/self-service/tell-ended.ts";

interface AdministrationParts {
  readonly metadata: Pick<MetadataStore, "identity" | "factors" | "ledger" | "privacy">;
  readonly links: OneTimeLinks;
  readonly notices: Notices;
  readonly audit: Audit;
  readonly bus: Bus;
  readonly host: Host;
}

/** Which administrator does it; for the audit log. */
export interface Actor {
  readonly accountId: AccountId;
}

/** The most accounts of one page. */
export const maxAccountsPage = 100;

/** What administrators do with others' accounts through the API. All of it is recorded. */
export function createAdministration(parts: AdministrationParts) {
  const { identity } = parts.metadata;
  return {
    /** By name. */
    async list({ after, limit }: { readonly after: string | undefined; readonly limit: number }) {
      const page = await identity.listAccounts({ after, limit });
      const accounts = await Promise.all(page.map((account) => describe(parts, account)));
      return { accounts, cursor: page.length === limit ? (page.at(-1)?.name ?? null) : null };
    },
    /** @throws not_found, forbidden for disabling oneself */
    async change(
      actor: Actor,
      id: AccountId,
      change: { readonly disabled: boolean | undefined; readonly quotaBytes: number | null | undefined },
    ): Promise<AdminAccount> {
      const account = await getAccount(parts, id);
      if (change.quotaBytes !== undefined) await setQuota(parts, { actor, account, quotaBytes: change.quotaBytes });
      if (change.disabled !== undefined) await setDisabled(parts, { actor, account, disabled: change.disabled });
      return await describe(parts, await getAccount(parts, id));
    },
    /**
     * A link by which its holder chooses a new password, which ends every login. Mailed, where the account has a confirmed address and mail is set up.
     * @throws not_found
     */
    async resetSignIn(
      actor: Actor,
      id: AccountId,
      { removeFactors, linkTo, language }: LinkOptions & { readonly removeFactors: boolean },
    ): Promise<string> {
      const account = await getAccount(parts, id);
      if (removeFactors) await takeFactors(parts, id);
      const secret = await parts.links.make("reset_password", { accountId: id, payload: {}, ttlMs: resetWithinMs });
      const link = linkTo("reset", secret);
      const detail = { factors: removeFactors ? "removed" : "kept" };
      await parts.audit.record({ action: "sign_in_reset", accountId: id, actor: actor.accountId, detail });
      if (removeFactors) await parts.notices.wayInChanged(account, "all_removed", language);
      if (account.emailConfirmed) await parts.notices.resetPassword(account, link, language);
      return link;
    },
    /** How many accounts there are. */
    async count(): Promise<number> {
      let count = 0;
      for (let after: string | undefined; ;) {
        const page = await identity.listAccounts({ after, limit: maxAccountsPage });
        count += page.length;
        after = page.at(-1)?.name;
        if (page.length < maxAccountsPage) return count;
      }
    },
  };
}

async function getAccount({ metadata }: AdministrationParts, id: AccountId): Promise<Account> {
  const account = await metadata.identity.findAccount(id);
  if (!account) throw new ProblemError("not_found", "there is no such account");
  return account;
}

async function describe({ metadata }: AdministrationParts, account: Account): Promise<AdminAccount> {
  const [{ usedBytes }, deletion] = await Promise.all([
    metadata.ledger.accountUsage(account.id),
    metadata.privacy.findDeletion(account.id),
  ]);
  return {
    account_id: account.id,
    user: account.name,
    email: account.email,
    email_confirmed: account.emailConfirmed,
    is_admin: account.isAdmin,
    disabled: account.disabledAtMs !== null,
    created: formatTimestamp(account.createdAtMs),
    used_bytes: usedBytes,
    quota_bytes: account.quotaBytes,
    deletion_due: deletion === undefined ? null : formatTimestamp(deletion.dueAtMs),
  };
}

async function setDisabled(
  { metadata: { identity }, host, bus, audit }: AdministrationParts,
  { actor, account, disabled }: { readonly actor: Actor; readonly account: Account; readonly disabled: boolean },
): Promise<void> {
  if ((account.disabledAtMs !== null) === disabled) return;
  if (account.id === actor.accountId)
    throw new ProblemError("forbidden", "nobody disables their own account: another administrator can");
  const devices = disabled ? await identity.listDevices(account.id) : [];
  await identity.setAccountDisabled(account.id, disabled, host.nowMs());
  tellEnded(
    bus,
    account.id,
    devices.map(({ id }) => id),
  );
  const action = disabled ? "account_disabled" : "account_enabled";
  await audit.record({ action, accountId: account.id, actor: actor.accountId });
}

async function setQuota(
  { metadata: { ledger }, audit }: AdministrationParts,
  {
    actor,
    account,
    quotaBytes,
  }: { readonly actor: Actor; readonly account: Account; readonly quotaBytes: number | null },
): Promise<void> {
  const accountId = account.id;
  await ledger.setQuota({ accountId, quotaBytes });
  await audit.record({ action: "quota_changed", accountId, actor: actor.accountId, detail: { quota: quotaBytes } });
}

async function takeFactors({ metadata: { factors } }: AdministrationParts, id: AccountId): Promise<void> {
  await factors.removeTotp(id);
  await factors.setRecoveryCodes(id, []);
  for (const { credentialId } of await factors.listPasskeys(id)) await factors.removePasskey(id, credentialId);
}
