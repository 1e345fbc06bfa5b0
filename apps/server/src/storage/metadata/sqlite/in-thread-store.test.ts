import { randomBytes } from "node:crypto";
import { metadataStoreContract } from "../contract/metadata-store.contract.ts";
import { openInThreadMetadataStore } from "./open-in-thread.ts";

metadataStoreContract("SQLite in this thread", () => openInThreadMetadataStore({ path: ":memory:", randomBytes }), {
  keepsOutbox: false,
});
