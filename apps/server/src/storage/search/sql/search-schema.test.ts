import { openSqliteDatabase } from "../../metadata/sql/sqlite-database.ts";
import { searchSchemaContract } from "./search-schema.contract.ts";

searchSchemaContract("SQLite", { open: async () => openSqliteDatabase({ path: ":memory:" }), keepsEarlier: false });
