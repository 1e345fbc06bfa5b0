import {
  encodeIdPart,
  formatTimestamp,
  idPartBytes,
  maxNoticesOfAccount,
  maxNoticesPerPage,
  noticeKinds,
  type AccountId,
  type NoticeSetting,
  type NoticesPage,
} from "@satchel/protocol";
import type { Host } from "../../host.ts";
import type { Bus } from "../../storage/bus/bus.ts";
import { keepNoticesMs, type NewNotice, type NoticeStore } from "../../storage/metadata/notice-store.ts";
import type { Caller } from "../authorisation/authorisation.ts";

/** What happened, and whom it is told. */
export type Told = Pick<NewNotice, "accountId" | "kind" | "subject" | "detail" | "by">;

/** What accounts are told of inside the app. A notice is mostly a courtesy: nothing waits for it, and nothing fails with it. */
export interface Notices {
  /** Without waiting. */
  tell(notice: Told): void;
  /** Does what it takes to find out what to tell, behind the request that was answered. */
  find(work: () => Promise<readonly Told[]>): void;
  /** For what has to be told: resolves when it is written, whatever else is under way. @throws what the store throws */
  tellForSure(notices: readonly Told[]): Promise<void>;
  /** Resolves when all that was begun is written, or failed. */
  settled(): Promise<void>;
  /** Newest first. @throws bad_cursor */
  list(
    caller: Caller,
    page: { readonly cursor: string | undefined; readonly limit: number | undefined },
  ): Promise<NoticesPage>;
  /** These, or all. */
  markRead(caller: Caller, ids: readonly string[] | undefined): Promise<void>;
  /** One of each kind. */
  settings(caller: Caller): Promise<NoticeSetting[]>;
  /** What is left out stays. */
  putSettings(caller: Caller, settings: readonly NoticeSetting[]): Promise<NoticeSetting[]>;
}

/** Notices that are being found out and written at a time; what comes on top of that isn't told. */
const maxUnderWay = 200;

interface NoticeParts {
  readonly store: NoticeStore;
  readonly bus: Bus;
  readonly host: Host;
  readonly onFailure: (error: unknown) => void;
}

export function createNotices({ store, bus, host, onFailure }: NoticeParts): Notices {
  const underWay = new Set<Promise<void>>();

  async function keep({ accountId, ...notice }: Told): Promise<void> {
    const atMs = host.nowMs();
    const id = encodeIdPart(host.randomBytes(idPartBytes));
    const bounds = { maxKept: maxNoticesOfAccount, keepAfterMs: atMs - keepNoticesMs };
    if (await store.add({ id, accountId, atMs, ...notice }, bounds)) bus.publish({ kind: "account_news", accountId });
  }

  async function findAndKeep(work: () => Promise<readonly Told[]>): Promise<void> {
    await tellForSure(await work());
  }

  async function tellForSure(told: readonly Told[]): Promise<void> {
    for (const notice of told) await keep(notice);
  }

  function find(work: () => Promise<readonly Told[]>): void {
    if (underWay.size >= maxUnderWay) return;
    const one = findAndKeep(work)
      .catch(onFailure)
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }

  async function settings({ accountId }: Caller): Promise<NoticeSetting[]> {
    const chosen = new Map((await store.settings(accountId)).map((setting) => [setting.kind, setting]));
    return noticeKinds.map((kind) => chosen.get(kind) ?? { kind, in_app: true });
  }

  return {
    tell: (notice) => find(() => Promise.resolve([notice])),
    find,
    tellForSure,
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    async list({ accountId }, { cursor, limit }) {
      const bound = Math.min(limit ?? maxNoticesPerPage, maxNoticesPerPage);
      const { notices, unread, next } = await store.list({ accountId, after: cursor, limit: bound });
      return {
        notices: notices.map(({ id, kind, detail, byName, times, atMs, readAtMs }) => ({
          id,
          kind,
          detail: { ...detail, ...(byName !== null && { by: byName }) },
          times,
          at: formatTimestamp(atMs),
          read: readAtMs !== null,
        })),
        unread,
        cursor: next,
      };
    },
    async markRead({ accountId }, ids) {
      await store.markRead({ accountId, ids, nowMs: host.nowMs() });
      tellNews(accountId);
    },
    settings,
    async putSettings(caller, changed) {
      await store.putSettings(caller.accountId, changed);
      return settings(caller);
    },
  };

  /** Other windows of the account count what is unread, too. */
  function tellNews(accountId: AccountId): void {
    bus.publish({ kind: "account_news", accountId });
  }
}
