import { randomBytes } from "node:crypto";
import { openInThreadMetadataStore } from "../../storage/metadata/sqlite/open-in-thread.ts";
import { openInThreadSearchIndex } from "../../storage/search/sqlite/open-in-thread-search.ts";
import { searchContract } from "./search.contract.ts";
import { searchTextsContract } from "./texts/search-texts.contract.ts";

const open = async () => ({
  metadata: await openInThreadMetadataStore({ path: ":memory:", randomBytes }),
  index: await openInThreadSearchIndex({ path: ":memory:", key: randomBytes(32) }),
});

searchContract("SQLite", open);
searchTextsContract("SQLite", open);
