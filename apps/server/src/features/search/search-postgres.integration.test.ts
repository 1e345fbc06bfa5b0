import { randomBytes } from "node:crypto";
import { after, before, describe } from "node:test";
import { startPostgres, type RunningPostgres } from "@satchel/testkit";
import { openPostgresMetadataStore } from "../../storage/metadata/postgres/open-postgres-store.ts";
import { openPostgresDatabase } from "../../storage/metadata/sql/postgres-database.ts";
import { openPostgresSearchIndex } from "../../storage/search/postgres/open-postgres-search.ts";
import { searchSchemaContract } from "../../storage/search/sql/search-schema.contract.ts";
import { searchContract } from "./search.contract.ts";
import { searchTextsContract } from "./texts/search-texts.contract.ts";

describe("on PostgreSQL", () => {
  let postgres: RunningPostgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(async () => {
    await postgres.stop();
  });
  searchSchemaContract("PostgreSQL", {
    open: async () => openPostgresDatabase({ url: await postgres.createDatabase(), poolSize: 1 }),
    keepsEarlier: true,
  });
  const open = async () => ({
    metadata: await openPostgresMetadataStore({ url: postgres.url, randomBytes }),
    index: await openPostgresSearchIndex({ url: postgres.url, key: new Uint8Array(32) }),
  });
  searchContract("PostgreSQL", open);
  searchTextsContract("PostgreSQL", open);
});
