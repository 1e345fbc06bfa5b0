import { randomBytes } from "node:crypto";
import { after, before, describe } from "node:test";
import { startPostgres, type RunningPostgres } from "@satchel/testkit";
import { openPostgresMetadataStore } from "../../storage/metadata/postgres/open-postgres-store.ts";
import { openPostgresSearchIndex } from "../../storage/search/postgres/open-postgres-search.ts";
import { searchContract } from "./search.contract.ts";

describe("on PostgreSQL", () => {
  let postgres: RunningPostgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(async () => {
    await postgres.stop();
  });
  searchContract("PostgreSQL", async () => ({
    metadata: await openPostgresMetadataStore({ url: postgres.url, randomBytes }),
    index: await openPostgresSearchIndex({ url: postgres.url }),
  }));
});
