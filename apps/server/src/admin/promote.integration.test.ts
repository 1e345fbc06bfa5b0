import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { goesWithout, startPostgres, temporaryDirectory } from "@satchel/testkit";
import { abandonServerPromotion, promoteServer } from "./promote.ts";
import { openMetadata } from "../compose.ts";
import { serverConfig } from "../config/config.ts";
import { dataDirectoryAt } from "../data-directory/data-directory.ts";
import { beginPromotion, endPromotion, lockPromotion } from "../data-directory/promotion-note.ts";
import { markArrival } from "../storage/metadata/promotion/arrival-mark.ts";
import { openPostgresDatabase } from "../storage/metadata/sql/postgres-database.ts";

const blobs = "s3://bucket?endpoint=http://127.0.0.1:1";
const ignore = () => undefined;

test("[PM8] while one command moves a directory, another neither moves it nor gives the move up", async () => {
  await using directory = await temporaryDirectory("promote");
  const data = directory.join("data");
  const embedded = serverConfig({ data }, {});
  await (await openMetadata(embedded)).close();
  const lock = lockPromotion(dataDirectoryAt(data));
  const moving = serverConfig({ data, database: "postgres://127.0.0.1:1/none", blobs }, {});
  const refused = { name: "DirectoryInUseError", message: /admin promote/ };
  await assert.rejects(promoteServer(moving, ignore), refused);
  await assert.rejects(abandonServerPromotion(embedded), refused);
  lock.release();
  await abandonServerPromotion(embedded);
});

if (!goesWithout("postgres")) {
  test("[PM3] [PM7] a move that was killed behind its end is settled when it is begun again; until then nobody opens the database", async () => {
    await using postgres = await startPostgres();
    await using directory = await temporaryDirectory("promote");
    const data = directory.join("data");
    const url = await postgres.createDatabase();
    const config = serverConfig({ data, database: url, blobs }, {});
    await (await openMetadata(config)).close();
    const target = openPostgresDatabase({ url });
    await target.transaction((session) => markArrival(session, "source"));
    await target.close();
    await assert.rejects(openMetadata(config), { name: "DatabaseInUseError", message: /admin promote/ });

    const place = dataDirectoryAt(data);
    const { host, pathname } = new URL(url);
    await beginPromotion(place, `postgres://${host}${pathname} and s3://bucket/`);
    await writeFile(place.database, "what lay here");
    await endPromotion(place, "there");
    const elsewhere = serverConfig({ data, database: `${url}other`, blobs }, {});
    await assert.rejects(promoteServer(elsewhere, ignore), { name: "ServerConfigError", message: /on its way to/ });
    assert.equal(await promoteServer(config, ignore), undefined);
    assert.equal(existsSync(place.promoting), false);
    await (await openMetadata(config)).close();
  });
}
