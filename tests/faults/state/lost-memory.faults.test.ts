import assert from "node:assert/strict";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { openPlace, waitForEqual, waitForNoIssues } from "../support/place.ts";
import { copiesIn, overwrite, TIMEOUT_MS, writeSome } from "../support/some-files.ts";

const damages: readonly [string, (path: string) => Promise<void>][] = [
  ["deleted", async (path) => await rm(path)],
  ["overwritten at its beginning", async (path) => await overwrite(path, 0, 200)],
  ["overwritten in its middle", async (path) => await overwrite(path, 4096, 400_000)],
  ["cut short", async (path) => await writeFile(path, (await readFile(path)).subarray(0, 9000))],
];

for (const [how, damage] of damages) {
  test(`[FT41] [CL50] a device whose memory was ${how} finds everything out again, and loses nothing`, async () => {
    await using place = await openPlace();
    const [a, b] = [await place.device("a", place.server.url), await place.device("b", place.server.url)];
    await writeSome(a, "docs");
    await waitForEqual([a, b], TIMEOUT_MS);
    await a.stop();
    await writeFile(a.path("docs/5.txt"), "edited while stopped");
    await writeFile(a.path("docs/new.txt"), "new while stopped");
    await writeFile(b.path("docs/7.txt"), "edited by the other");
    const [name = ""] = (await readdir(a.home)).filter((each) => /^state-.*\.db$/.test(each));
    for (const suffix of ["-wal", "-shm"]) await rm(join(a.home, name + suffix), { force: true });
    await damage(join(a.home, name));
    await a.start();
    await waitForEqual([a, b], TIMEOUT_MS);
    await a.wait(60);
    assert.equal(await readFile(b.path("docs/new.txt"), "utf8"), "new while stopped");
    // Without a memory both look like edits: the server's keeps the name.
    const of = async (number: number): Promise<string[]> =>
      (
        await Promise.all(
          [`docs/${number}.txt`, `docs/${number} (Conflicted copy).txt`].map((path) => readFile(b.path(path), "utf8")),
        )
      ).toSorted((x, y) => (x < y ? -1 : 1));
    assert.deepEqual(await of(5), ["docs 5", "edited while stopped"]);
    assert.deepEqual(await of(7), ["docs 7", "edited by the other"]);
    assert.equal((await copiesIn(a)).length, 2);
    await waitForNoIssues(a);
  });
}
