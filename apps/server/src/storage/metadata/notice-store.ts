import type { AccountId, NoticeKind, NoticeSetting } from "@satchel/protocol";

/** What nobody read in that time, nobody is told any more. */
export const keepNoticesMs = 90 * 24 * 3600 * 1000;

/** Something that an account is to be told. */
export interface NewNotice {
  readonly id: string;
  readonly accountId: AccountId;
  readonly kind: NoticeKind;
  /** What it is about: while a notice of this kind and subject is unread, another one is counted on it. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, string>>;
  /** Whose doing it is, where it is somebody's. Their name is looked up when it is told, and forgotten with their account. */
  readonly by?: AccountId | undefined;
  readonly atMs: number;
}

export interface StoredNotice extends NewNotice {
  /** Null when it is nobody's doing, or the account is gone. */
  readonly byName: string | null;
  readonly times: number;
  readonly readAtMs: number | null;
}

/** What accounts are told of inside the app. */
export interface NoticeStore {
  /** At most `maxKept` of an account, and none from before `keepAfterMs`, are left. Answers false, and keeps nothing, where the account turned the kind off, or is none. */
  add(notice: NewNotice, bounds: { readonly maxKept: number; readonly keepAfterMs: number }): Promise<boolean>;
  /** Newest first, after the place that the page before gave. */
  list(query: {
    readonly accountId: AccountId;
    readonly after: string | undefined;
    readonly limit: number;
  }): Promise<{ readonly notices: StoredNotice[]; readonly unread: number; readonly next: string | null }>;
  /** These, or all when none are named. */
  markRead(request: {
    readonly accountId: AccountId;
    readonly ids: readonly string[] | undefined;
    readonly nowMs: number;
  }): Promise<void>;
  /** Those that somebody chose; of the others the defaults hold. */
  settings(accountId: AccountId): Promise<NoticeSetting[]>;
  putSettings(accountId: AccountId, settings: readonly NoticeSetting[]): Promise<void>;
}
