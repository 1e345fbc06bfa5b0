import { formatTimestamp, type AccountId, type AuditRecord, type DeviceId } from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { AuditRow, AuditStore, NewAuditRecord } from "../../storage/metadata/audit-store.ts";
import type { AuditAction } from "./audit-action.ts";
import { currentOrigin } from "./request-origin.ts";

/** Something that happened, which the audit log keeps. */
export interface AuditEvent {
  readonly action: AuditAction;
  /** Whom it is about, and who sees it; null where that is unknown. */
  readonly accountId: AccountId | null;
  /** The account that did it; null for the command line and the server itself. Left out: the account that it is about. */
  readonly actor?: AccountId | null;
  readonly deviceId?: DeviceId | null;
  /** Anything more, in few words: never a secret, a content, or what somebody typed into a field for passwords or names. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface Audit {
  /** Durable when it resolves. What happens at once is written together. */
  record(event: AuditEvent): Promise<void>;
  /** The same, without waiting: for what the journal tells, too. A failure is reported, and refuses nothing. */
  note(event: AuditEvent): void;
  /** Newest first; of one account or of all, and of one action or of all. */
  list(query: {
    accountId: AccountId | undefined;
    action?: AuditAction | undefined;
    cursor: string | undefined;
    limit: number | undefined;
  }): Promise<{ records: AuditRecord[]; cursor: string | null }>;
}

interface AuditParts {
  readonly store: AuditStore;
  readonly host: Host;
  /** Seals the chain. */
  readonly key: Uint8Array;
  readonly onFailure: (error: unknown) => void;
}

/** The most records of one page. */
export const maxAuditPage = 500;
/** The most records of one transaction. */
const maxBatch = 200;
const saltBytes = 16;

export function createAudit({ store, host, key, onFailure }: AuditParts): Audit {
  let waiting: { record: NewAuditRecord; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let isWriting = false;

  /** One transaction after the other, each with all that came while the one before was written. */
  async function write(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      try {
        await store.append(
          batch.map(({ record }) => record),
          key,
        );
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isWriting = false;
  }

  function record(event: AuditEvent): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ record: describe(event), resolve, reject });
    // Never fails: a failure to write is each record's own.
    write().catch(onFailure);
    return promise;
  }

  function describe({
    action,
    accountId,
    actor = accountId,
    deviceId = null,
    detail = {},
  }: AuditEvent): NewAuditRecord {
    // The salt keeps a body that was erased from being found again by trying what it may have said.
    const salt = Buffer.from(host.randomBytes(saltBytes)).toString("base64url");
    const body = { action, accountId, actor, deviceId, address: currentOrigin()?.address ?? null, detail, salt };
    return { atMs: host.nowMs(), accountId, body: JSON.stringify(body) };
  }

  return {
    record,
    note: (event) => void record(event).catch(onFailure),
    async list({ accountId, action, cursor, limit }) {
      const size = Math.min(limit ?? maxAuditPage, maxAuditPage);
      const before = cursor === undefined ? undefined : Number(cursor);
      const rows = await store.list({ accountId, action, before, limit: size });
      const last = rows.at(-1);
      return { records: rows.map(toRecord), cursor: rows.length === size && last ? String(last.sequence) : null };
    },
  };
}

/** An erased record still says that something happened, and when. */
export function toRecord({ sequence, atMs, body }: AuditRow): AuditRecord {
  const { action, accountId, actor, deviceId, address, detail } =
    body === null ? erased : (JSON.parse(body) as AuditBody);
  return {
    sequence,
    at: formatTimestamp(atMs),
    action,
    account_id: accountId,
    actor,
    device_id: deviceId,
    address,
    detail,
  };
}

/** What a record says, as it is kept; next to it, the salt. */
interface AuditBody {
  readonly action: string;
  readonly accountId: AccountId | null;
  readonly actor: AccountId | null;
  readonly deviceId: DeviceId | null;
  readonly address: string | null;
  readonly detail: Record<string, string | number | boolean | null>;
}

const erased: AuditBody = {
  action: "erased",
  accountId: null,
  actor: null,
  deviceId: null,
  address: null,
  detail: {},
};
