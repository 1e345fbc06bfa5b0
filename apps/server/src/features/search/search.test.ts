import { randomBytes } from "node:crypto";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { openInThreadSearchIndex } from "../../storage/search/sqlite/open-in-thread-search.ts";
import { searchContract } from "./search.contract.ts";

searchContract("SQLite", async () => ({
  metadata: await openInThreadMetadataStore({ path: ":memory:", randomBytes }),
  index: await openInThreadSearchIndex({ path: ":memory:" }),
}));
