import type { AccountId, AuditRecord } from "@satchel/protocol";
import { leaveMail } from "./mail.ts";
import { keyPlaces, makeDirectory, openMetadata, openReadOnlyChunks } from "../compose.ts";
import type { ServerConfig } from "../config/config.ts";
import { auditedAccounts } from "../features/audit/audited.ts";
import { createAccounts, type Accounts, type NewUser } from "../features/identity/accounts.ts";
import { createPasswordHasher } from "../features/identity/password-hasher.ts";
import { secretHash } from "../features/identity/secret-hash.ts";
import { mailTexts } from "../features/identity/self-service/mail-texts.ts";
import { joinCodeMs, randomSecret } from "../features/identity/sign-in.ts";
import { createAccountDeletions, type AccountDeletions } from "../features/privacy/account-deletion.ts";
import { exportAccount } from "../features/privacy/export-account.ts";
import { createInProcessBus } from "../storage/bus/in-process-bus.ts";
import type { StorageUse } from "../storage/metadata/ledger-store.ts";
import { readKeyStatus, rotateMasterKey, type KeyStatus } from "../storage/keys/master-key.ts";
import type { MetadataStore } from "../storage/metadata/metadata-store.ts";
import { openAudit, openKeys } from "../start/open-audit.ts";
import { ServerConfigError } from "../config/server-config-error.ts";
import { systemHost } from "../system-host.ts";
import { withMetadata } from "./with-metadata.ts";

/** What `satchel admin` does. Each opens the stores by itself, beside a running server or without one, and closes them. */

export interface UserSummary {
  readonly id: AccountId;
  readonly name: string;
  readonly email: string;
  readonly isAdmin: boolean;
  readonly disabled: boolean;
  readonly quotaBytes: number | null;
  readonly usedBytes: number;
  readonly createdAtMs: number;
}

/** @throws ProblemError: bad_request, account_exists */
export async function addUser(config: ServerConfig, user: NewUser): Promise<AccountId> {
  return await withAccounts(config, (accounts) => accounts.add(user));
}

/** By name. */
export async function listUsers(config: ServerConfig): Promise<UserSummary[]> {
  return withMetadata(config, async (metadata) => {
    const accounts = await accountsOf(metadata).list();
    return Promise.all(
      accounts.map(async ({ id, name, email, isAdmin, disabledAtMs, quotaBytes, createdAtMs }) => {
        const { usedBytes } = await metadata.ledger.accountUsage(id);
        return { id, name, email, isAdmin, disabled: disabledAtMs !== null, quotaBytes, usedBytes, createdAtMs };
      }),
    );
  });
}

/** Signs every device of the account out and lets it sign in no more; `disabled: false` takes that back. @throws ProblemError: not_found */
export async function disableUser(config: ServerConfig, name: string, disabled = true): Promise<void> {
  await withAccounts(config, (accounts) => accounts.setDisabled(name, disabled));
}

/** Also signs every device of the account out, and tells its address. @throws ProblemError: not_found, bad_request */
export async function setUserPassword(config: ServerConfig, name: string, password: string): Promise<void> {
  await withMetadata(config, async (metadata) => {
    const accounts = auditedAccounts(accountsOf(metadata), await openAudit(config, metadata));
    await accounts.setPassword(name, password);
    const { id: accountId, email: to, name: called } = await accounts.find(name);
    await leaveMail(config, metadata, { to, accountId, ...mailTexts.en.passwordChanged(called) });
  });
}

/** The most that all of the account's folders may use together; null for no limit. @throws ProblemError: not_found */
export async function setUserQuota(config: ServerConfig, name: string, quotaBytes: number | null): Promise<void> {
  await withMetadata(config, async (metadata) => {
    const { id: accountId } = await accountsOf(metadata).find(name);
    await metadata.ledger.setQuota({ accountId, quotaBytes });
    const audit = await openAudit(config, metadata);
    await audit.record({
      action: "quota_changed",
      accountId,
      actor: null,
      detail: { by: "command", quota: quotaBytes },
    });
  });
}

/** What the account's root folder uses, and for what. @throws ProblemError: not_found */
export async function readUserUsage(config: ServerConfig, name: string): Promise<StorageUse> {
  return withMetadata(config, async (metadata) => {
    const { rootWorkspaceId } = await accountsOf(metadata).find(name);
    return metadata.ledger.use(rootWorkspaceId);
  });
}

/** A one-time secret that signs a device of the account in, for 10 minutes. @throws ProblemError: not_found */
export async function createJoinCode(
  config: ServerConfig,
  name: string,
): Promise<{ secret: string; expiresAtMs: number }> {
  return withMetadata(config, async (metadata) => {
    const { id: accountId } = await accountsOf(metadata).find(name);
    const secret = randomSecret(systemHost);
    const expiresAtMs = systemHost.nowMs() + joinCodeMs;
    await metadata.identity.createJoinCode({ secretHash: secretHash(secret), accountId, expiresAtMs });
    const audit = await openAudit(config, metadata);
    await audit.record({ action: "join_code_created", accountId, actor: null, detail: { by: "command" } });
    return { secret, expiresAtMs };
  });
}

/** The audit log, newest first, a page at a time: of the account of this name, or of all. @throws ProblemError: not_found */
export async function* readAudit(config: ServerConfig, name: string | undefined): AsyncGenerator<AuditRecord[]> {
  const metadata = await openMetadata(config);
  try {
    const audit = await openAudit(config, metadata);
    const accountId = name === undefined ? undefined : (await accountsOf(metadata).find(name)).id;
    for (let cursor: string | undefined; ;) {
      const page = await audit.list({ accountId, cursor, limit: undefined });
      yield page.records;
      if (page.cursor === null) return;
      ({ cursor } = page);
    }
  } finally {
    await metadata.close();
  }
}

/** Who keeps the master key, and how many data keys there are. @throws ServerConfigError where S3 encrypts */
export async function readKeys(config: ServerConfig): Promise<KeyStatus> {
  requireOwnKeys(config);
  return readKeyStatus(keyPlaces(config));
}

function requireOwnKeys({ blobs }: ServerConfig): void {
  if (blobs)
    throw new ServerConfigError(
      "chunks in S3 are encrypted by S3, with the key that --blobs names (sse=) or the bucket's: rotate it there",
    );
}

/** A new master key, and a new data key from the server's next start on. @throws ChunkStoreKeyError, KeyServiceError, ServerConfigError where S3 encrypts */
export async function rotateKeys(config: ServerConfig): Promise<KeyStatus> {
  requireOwnKeys(config);
  await makeDirectory(config);
  const status = await rotateMasterKey(keyPlaces(config));
  await withMetadata(config, async (metadata) => {
    const audit = await openAudit(config, metadata);
    const detail = { by: "command", kept_by: status.keptBy };
    await audit.record({ action: "key_rotated", accountId: null, actor: null, detail });
  });
  return status;
}

/** Has the account erased after the time of grace, or at once; answers when. @throws ProblemError: not_found */
export async function deleteUser(config: ServerConfig, name: string, now: boolean): Promise<{ due: string }> {
  return withDeletions(config, async (deletions, metadata) => {
    const { id } = await accountsOf(metadata).find(name);
    const asked = await deletions.request(id, null);
    if (!now) return asked;
    await deletions.erase(id, new AbortController().signal);
    return { due: new Date(systemHost.nowMs()).toISOString() };
  });
}

/** Takes a deletion that was asked for back. @throws ProblemError: not_found */
export async function keepUser(config: ServerConfig, name: string): Promise<void> {
  await withDeletions(config, async (deletions, metadata) => {
    await deletions.cancel((await accountsOf(metadata).find(name)).id, null);
  });
}

function withDeletions<T>(
  config: ServerConfig,
  use: (deletions: AccountDeletions, metadata: MetadataStore) => Promise<T>,
): Promise<T> {
  return withMetadata(config, async (metadata) => {
    const audit = await openAudit(config, metadata);
    const bus = createInProcessBus({ onListenerError: throwIt });
    const graceMs = config.security.deletionGraceMs;
    return use(createAccountDeletions({ metadata, audit, bus, host: systemHost, graceMs }), metadata);
  });
}

/** Everything about the account, as a tar archive. @throws ProblemError: not_found */
export async function* exportUser(config: ServerConfig, name: string): AsyncGenerator<Uint8Array> {
  const metadata = await openMetadata(config);
  try {
    const { id: accountId } = await accountsOf(metadata).find(name);
    const audit = await openAudit(config, metadata);
    await audit.record({ action: "data_exported", accountId, actor: null, detail: { by: "command" } });
    const chunks = await openReadOnlyChunks(config, metadata);
    try {
      const { comments: commentKey } = await openKeys(config);
      yield* exportAccount({ metadata, chunks, audit, commentKey, nowMs: systemHost.nowMs() }, accountId);
    } finally {
      await chunks.close();
    }
  } finally {
    await metadata.close();
  }
}

function accountsOf(metadata: MetadataStore): Accounts {
  return createAccounts({ store: metadata.identity, passwords: createPasswordHasher(), host: systemHost });
}

function withAccounts<T>(config: ServerConfig, use: (accounts: Accounts) => Promise<T>): Promise<T> {
  return withMetadata(config, async (metadata) =>
    use(auditedAccounts(accountsOf(metadata), await openAudit(config, metadata))),
  );
}

function throwIt(error: unknown): never {
  throw error;
}
