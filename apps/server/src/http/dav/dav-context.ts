import type { DavParts } from "../../features/dav/dav-parts.ts";

/** What the handlers of WebDAV are given. */
export interface DavContext extends DavParts {
  /** Where the tree begins for whoever asks: `/dav`, behind the path of the public address if that has one. */
  readonly base: string;
}
