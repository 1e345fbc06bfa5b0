import { openSqliteDatabase } from "../sql/sqlite-database.ts";
import { quotaContract } from "./quota.contract.ts";

quotaContract("SQLite", async () => openSqliteDatabase({ path: ":memory:" }));
