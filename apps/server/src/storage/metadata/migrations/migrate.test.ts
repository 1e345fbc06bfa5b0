import { openSqliteDatabase } from "../sql/sqlite-database.ts";
import { migrationContract } from "./migrate.contract.ts";

migrationContract("SQLite", () => Promise.resolve(openSqliteDatabase({ path: ":memory:" })));
