import { checkContract } from "../contract/check.contract.ts";
import { openSqliteDatabase } from "../sql/sqlite-database.ts";

checkContract("SQLite", () => openSqliteDatabase({ path: ":memory:" }));
