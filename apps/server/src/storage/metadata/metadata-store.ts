import type { AttemptStore } from "./attempt-store.ts";
import type { AuditStore } from "./audit-store.ts";
import type { AccessStore } from "./access-store.ts";
import type { ChunkPlaceStore } from "./chunk-place-store.ts";
import type { DavStore } from "./dav-store.ts";
import type { FactorStore } from "./factor-store.ts";
import type { HistoryStore } from "./history-store.ts";
import type { IdentityStore } from "./identity-store.ts";
import type { JobRoundStore } from "./job-round-store.ts";
import type { LeaseStore } from "./lease-store.ts";
import type { LedgerStore } from "./ledger-store.ts";
import type { LinkStore } from "./link-store.ts";
import type { CommentStore } from "./comment-store.ts";
import type { LiveStore } from "./live-store.ts";
import type { MaintenanceStore } from "./maintenance-store.ts";
import type { MailQueueStore } from "./mail-queue-store.ts";
import type { NoticeStore } from "./notice-store.ts";
import type { OAuthStore } from "./oauth-store.ts";
import type { OutboxStore } from "./outbox-store.ts";
import type { PreviewStore } from "./preview-store.ts";
import type { ScanStore } from "./scan-store.ts";
import type { ScrubStore } from "./scrub-store.ts";
import type { SignInStore } from "./sign-in-store.ts";
import type { PrivacyStore } from "./privacy-store.ts";
import type { ShareStore } from "./share-store.ts";
import type { TaskStore } from "./task-store.ts";
import type { TreeStore } from "./tree-store.ts";
import type { UploadStore } from "./upload-store.ts";

/**
 * Structure: accounts, names, versions, who may reference which chunk. Strongly consistent: what a call has answered is durable and
 * seen by every later call. Each method is one transaction; a method that throws changed nothing. Refusals are `ProblemError`s with the code that the API gives.
 * Times and random bytes come in as arguments (`nowMs`, `Entropy`), never from the host, so that a simulation can replay them.
 */
export interface MetadataStore {
  readonly identity: IdentityStore;
  readonly signIn: SignInStore;
  readonly factors: FactorStore;
  readonly oauth: OAuthStore;
  readonly attempts: AttemptStore;
  readonly mail: MailQueueStore;
  readonly notices: NoticeStore;
  readonly access: AccessStore;
  readonly audit: AuditStore;
  readonly privacy: PrivacyStore;
  readonly tree: TreeStore;
  readonly history: HistoryStore;
  readonly ledger: LedgerStore;
  readonly shares: ShareStore;
  readonly links: LinkStore;
  readonly comments: CommentStore;
  readonly live: LiveStore;
  readonly dav: DavStore;
  readonly uploads: UploadStore;
  readonly maintenance: MaintenanceStore;
  readonly places: ChunkPlaceStore;
  readonly jobRounds: JobRoundStore;
  readonly leases: LeaseStore;
  readonly outbox: OutboxStore;
  readonly tasks: TaskStore;
  readonly previews: PreviewStore;
  readonly scans: ScanStore;
  readonly scrub: ScrubStore;
  /** Resolves when the database answers; for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
