import type { AccountId, EntryId, LinkKind } from "@satchel/protocol";

/** A link as the server keeps it. */
export interface StoredLink {
  readonly id: string;
  readonly entryId: EntryId;
  /** Whoever made it, in whose name it shows what it shows. */
  readonly accountId: AccountId;
  readonly kind: LinkKind;
  /** Null for none. */
  readonly passwordHash: string | null;
  readonly startsAtMs: number | null;
  readonly expiresAtMs: number | null;
  readonly maxDownloads: number | null;
  readonly downloads: number;
  readonly createdAtMs: number;
}

/** Links that show a file or folder to whoever has them, without an account. */
export interface LinkStore {
  /** @throws limit_exceeded when the account has too many */
  add(link: StoredLink, tokenHash: string): Promise<void>;
  find(tokenHash: string): Promise<StoredLink | undefined>;
  /** The account's, the newest first. */
  list(accountId: AccountId): Promise<StoredLink[]>;
  /** Answers whether the account had it. */
  remove(accountId: AccountId, linkId: string): Promise<boolean>;
  /** Counts a download, if there is one left; answers whether there was. */
  takeDownload(tokenHash: string): Promise<boolean>;
}
