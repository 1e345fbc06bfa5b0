import type { EntryId, EntryState, VersionId } from "@satchel/protocol";
import type { Caller } from "../../features/authorisation/authorisation.ts";
import type { DavParts } from "../../features/dav/dav-parts.ts";
import type { FolderTag } from "../../features/dav/folder-tags.ts";
import type { PropertyName } from "../../features/dav/dav-properties.ts";

/** Where a tree is found. */
export interface DavAddress {
  /** What the addresses of requests to it begin with: `/dav`. */
  readonly root: string;
  /** The same for whoever asks: behind the path of the public address if that has one. */
  readonly base: string;
}

/** What the handlers of WebDAV are given. */
export interface DavContext extends DavParts, DavAddress {
  /** What programs of a kind want to know beyond WebDAV; undefined for those that speak nothing else. */
  readonly dialect: DavDialect | undefined;
}

export interface DavDialect {
  /** Tells of entries of one workspace, with the names that lead to each. */
  openTelling(parts: DavParts, caller: Caller): (placed: readonly PlacedEntry[]) => Promise<ReadonlyMap<EntryId, Told>>;
  /** What an answer says of what was written. */
  headersOf(written: { readonly id: EntryId; readonly versionId: VersionId | undefined }): Record<string, string>;
}

export interface PlacedEntry {
  readonly names: readonly string[];
  readonly entry: EntryState;
}

export interface Told {
  readonly folder: FolderTag | undefined;
  /** A property of a namespace other than WebDAV's, as an element. */
  find(property: PropertyName): string | undefined;
}
