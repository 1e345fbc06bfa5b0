import { formatTimestamp, type AccountId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { Audit } from "../audit/audit.ts";
import { endShares } from "./end-shares.ts";

export interface AccountDeletions {
  /** Begins the time of grace, in which everything goes on as before. Asked again, the first date stays. @throws not_found */
  request(accountId: AccountId, actor: AccountId | null): Promise<{ due: string }>;
  /** Nothing happens when none was asked for. */
  cancel(accountId: AccountId, actor: AccountId | null): Promise<void>;
  find(accountId: AccountId): Promise<{ due: string } | undefined>;
  /** Erases what is due. Bounded steps; may be killed anywhere. Answers how many accounts are gone. */
  eraseDue(signal: AbortSignal): Promise<number>;
  /** Erases the account now. */
  erase(accountId: AccountId, signal: AbortSignal): Promise<void>;
}

interface DeletionParts {
  readonly metadata: Pick<MetadataStore, "privacy" | "identity" | "audit" | "shares" | "ledger">;
  readonly audit: Audit;
  readonly bus: Bus;
  readonly host: Host;
  readonly graceMs: number;
}

const rowsPerStep = 2000;
const accountsPerRound = 100;

export function createAccountDeletions(parts: DeletionParts): AccountDeletions {
  const { metadata, audit, host, graceMs } = parts;
  const { privacy } = metadata;

  async function erase(accountId: AccountId, signal: AbortSignal): Promise<void> {
    await endLogins(parts, accountId);
    await endShares({ ...parts, shares: metadata.shares, ledger: metadata.ledger }, accountId, signal);
    for (let done = false; !done && !signal.aborted;) done = await privacy.eraseStep(accountId, rowsPerStep);
    if (signal.aborted) return;
    const records = await metadata.audit.erase(accountId);
    await audit.record({ action: "account_erased", accountId: null, actor: null, detail: { records } });
  }

  return {
    erase,
    async request(accountId, actor) {
      const nowMs = host.nowMs();
      const asked = await privacy.requestDeletion({ accountId, requestedAtMs: nowMs, dueAtMs: nowMs + graceMs });
      const due = formatTimestamp(asked.dueAtMs);
      await audit.record({ action: "deletion_requested", accountId, actor, detail: { due } });
      return { due };
    },
    async cancel(accountId, actor) {
      if (await privacy.cancelDeletion(accountId))
        await audit.record({ action: "deletion_cancelled", accountId, actor });
    },
    async find(accountId) {
      const deletion = await privacy.findDeletion(accountId);
      return deletion && { due: formatTimestamp(deletion.dueAtMs) };
    },
    async eraseDue(signal) {
      let erased = 0;
      for (const { accountId } of await privacy.listDue({ nowMs: host.nowMs(), limit: accountsPerRound })) {
        if (signal.aborted) break;
        await erase(accountId, signal);
        erased += 1;
      }
      return erased;
    },
  };
}

/** Nothing may be added while it goes: the account signs in no more, and its devices are sent away. */
async function endLogins({ metadata, bus, host }: DeletionParts, accountId: AccountId): Promise<void> {
  const devices = await metadata.identity.listDevices(accountId);
  if (await metadata.identity.findAccount(accountId))
    await metadata.identity.setAccountDisabled(accountId, true, host.nowMs());
  bus.publish({ kind: "account_changed", accountId });
  for (const { id } of devices) bus.publish({ kind: "device_revoked", deviceId: id });
}
