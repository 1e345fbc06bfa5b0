import assert from "node:assert/strict";
import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { checkStore, serverConfig } from "@satchel/server";
import { openPlace, waitForEqual } from "../support/place.ts";
import { copiesIn, issueOf, TIMEOUT_MS, writeSome } from "../support/some-files.ts";

test("[FT40] a server restored from an older backup is asked about; on a person's word its devices bring back what it lost", async () => {
  await using place = await openPlace();
  const [a, b] = [await place.device("a", place.server.url), await place.device("b", place.server.url)];
  await writeSome(a, "kept");
  await waitForEqual([a, b], TIMEOUT_MS);
  await place.server.stop();
  const backup = join(place.directory, "backup");
  await cp(place.server.dataDirectory, backup, { recursive: true });
  await place.server.restart();
  await writeSome(a, "since");
  await writeFile(a.path("kept/3.txt"), "edited since the backup");
  await waitForEqual([a, b], TIMEOUT_MS);

  await place.server.stop();
  await rm(place.server.dataDirectory, { recursive: true });
  await cp(backup, place.server.dataDirectory, { recursive: true });
  await place.server.restart();
  for (const device of [a, b]) {
    const message = await issueOf(device, "server_went_back");
    assert.match(message, /Nothing was deleted anywhere.*satchel sync DIR --anew/);
  }
  await sleep(3000);
  for (const device of [a, b]) assert.equal((await readdir(device.path("since"))).length, 21);

  for (const device of [a, b]) {
    await device.stop();
    await device.start("--anew");
    await device.wait(60);
  }
  await waitForEqual([a, b], TIMEOUT_MS);
  assert.equal((await readdir(a.path("since"))).length, 21);
  assert.equal(await readFile(a.path("kept/3.txt"), "utf8"), "kept 3");
  // Each device has an edit of its own to bring back, as far as it knows.
  const copies = await copiesIn(a);
  assert.ok(copies.includes("kept/3 (Conflicted copy).txt"));
  for (const copy of copies) assert.equal(await readFile(a.path(copy), "utf8"), "edited since the backup");
  const check = await checkStore(serverConfig({ data: place.server.dataDirectory }, {}));
  assert.deepEqual(check.problems, []);
});

test("[FT46] who returns after others came further than a restored server had been is asked as well, and nothing is deleted", async () => {
  await using place = await openPlace();
  const [a, b] = [await place.device("a", place.server.url), await place.device("b", place.server.url)];
  await writeSome(a, "kept");
  await waitForEqual([a, b], TIMEOUT_MS);
  await place.server.stop();
  const backup = join(place.directory, "backup");
  await cp(place.server.dataDirectory, backup, { recursive: true });
  await place.server.restart();
  for (const name of ["1", "2", "3"]) await writeFile(a.path(`only ${name}`), `since the backup ${name}`);
  await a.wait(60);
  await b.stop();
  await a.stop();
  await rm(b.path("only 1"), { force: true });

  await place.server.stop();
  await rm(place.server.dataDirectory, { recursive: true });
  await cp(backup, place.server.dataDirectory, { recursive: true });
  await place.server.restart();
  await b.start("--anew");
  await writeSome(b, "since");
  await b.wait(60);

  await a.start();
  assert.match(await issueOf(a, "server_went_back"), /Nothing was deleted anywhere.*satchel sync DIR --anew/);
  await sleep(3000);
  for (const name of ["1", "2", "3"])
    assert.equal(await readFile(a.path(`only ${name}`), "utf8"), `since the backup ${name}`);
  await a.stop();
  await a.start("--anew");
  await a.wait(60);
  await waitForEqual([a, b], TIMEOUT_MS);
  for (const name of ["1", "2", "3"])
    assert.equal(await readFile(b.path(`only ${name}`), "utf8"), `since the backup ${name}`);
  assert.equal((await readdir(a.path("since"))).length, 21);
  const check = await checkStore(serverConfig({ data: place.server.dataDirectory }, {}));
  assert.deepEqual(check.problems, []);
});
