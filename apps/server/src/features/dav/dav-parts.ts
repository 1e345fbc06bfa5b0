import type { Host } from "../../host.ts";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { Authorisation } from "../authorisation/authorisation.ts";
import type { ChunkTransfer } from "../chunks/chunk-transfer.ts";
import type { Authenticator } from "../identity/authenticator.ts";
import type { Content } from "../files/content.ts";
import type { Quota } from "../quota/quota.ts";
import type { Sync } from "../sync/sync.ts";

/** What WebDAV is made of: it has nothing of its own but locks and properties. */
export interface DavParts {
  readonly metadata: MetadataStore;
  readonly authenticator: Pick<Authenticator, "principalOn">;
  readonly authorisation: Authorisation;
  readonly sync: Sync;
  readonly content: Content;
  readonly transfer: ChunkTransfer;
  readonly quota: Quota;
  readonly host: Host;
}
