import assert from "node:assert/strict";
import { chmod, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../e2e/support/eventually.ts";
import { ordinaryUser } from "../support/ordinary-user.ts";
import { openPlace, statusOf, waitForEqual, waitForNoIssues } from "../support/place.ts";
import { clockShiftedBy } from "../support/shifted-clock.ts";
import { copiesIn, issueOf, TIMEOUT_MS, writeSome } from "../support/some-files.ts";

test("[FT42] a second client on one home is refused, with the command that goes on, and disturbs nothing", async () => {
  await using place = await openPlace();
  const a = await place.device("a", place.server.url);
  await writeFile(a.path("one.txt"), "one");
  for (const words of [
    ["sync", a.folder],
    ["sync", join(place.directory, "another")],
    ["sync", a.folder, "--anew"],
  ]) {
    const { code, stderr } = await a.run(words);
    assert.equal(code, 1);
    assert.match(stderr, /running already.*satchel stop/);
  }
  await a.wait(30);
  assert.equal((await statusOf(a)).state, "synced");
});

test("[FT43] devices and a server whose clocks are days apart stay in step, without a conflict", async () => {
  await using place = await openPlace();
  const early = await place.device("early", place.server.url, clockShiftedBy(-9));
  const late = await place.device("late", place.server.url, clockShiftedBy(12));
  await writeSome(early, "docs");
  await waitForEqual([early, late], TIMEOUT_MS);
  for (let nth = 0; nth < 6; nth += 1) {
    const [from, to] = nth % 2 === 0 ? [late, early] : [early, late];
    await writeFile(from.path("docs/1.txt"), `turn ${nth}`);
    const arrived = async (): Promise<boolean> => (await readFile(to.path("docs/1.txt"), "utf8")) === `turn ${nth}`;
    await eventually(arrived, { timeoutMs: 10_000, what: `turn ${nth}` });
  }
  await rm(early.path("docs/2.txt"));
  await waitForEqual([early, late], TIMEOUT_MS);
  assert.deepEqual(await copiesIn(early), []);
  await waitForNoIssues(late);
});

test("[FT44] what may not be read is told and left alone, on both sides, and goes on when it may", async () => {
  await using place = await openPlace();
  const a = await place.device("a", place.server.url, ordinaryUser);
  const b = await place.device("b", place.server.url);
  await writeSome(a, "docs");
  await mkdir(a.path("closed"));
  await writeFile(a.path("closed/inside.txt"), "inside");
  await waitForEqual([a, b], TIMEOUT_MS);

  await chmod(a.path("closed"), 0o000);
  await writeFile(a.path("docs/secret.txt"), "not to be read");
  await chmod(a.path("docs/secret.txt"), 0o000);
  await writeFile(a.path("docs/after.txt"), "after");
  await eventually(() => readFile(b.path("docs/after.txt"), "utf8"), {
    timeoutMs: TIMEOUT_MS,
    what: "what may be read",
  });
  const unreadable = async (): Promise<boolean> => {
    const paths = (await statusOf(a)).issues.map(({ path }) => path);
    return ["closed", "docs/secret.txt"].every((path) => paths.includes(path));
  };
  // A change of a folder's mode is noticed by the next look at everything, which a wait begins.
  await a.run(["wait", "--timeout", "3"]);
  await eventually(unreadable, { timeoutMs: TIMEOUT_MS, intervalMs: 200, what: "both to be told" });
  await sleep(6000);
  assert.equal(await readFile(b.path("closed/inside.txt"), "utf8"), "inside");

  await chmod(a.path("closed"), 0o755);
  await chmod(a.path("docs/secret.txt"), 0o644);
  await a.run(["wait", "--timeout", "60"]);
  await waitForEqual([a, b], TIMEOUT_MS);
  assert.equal(await readFile(b.path("docs/secret.txt"), "utf8"), "not to be read");
  await waitForNoIssues(a);
});

test("[FT44] a folder that may not be written in is told, loses nothing, and takes what waited when it may", async () => {
  await using place = await openPlace();
  const a = await place.device("a", place.server.url, ordinaryUser);
  const b = await place.device("b", place.server.url);
  await writeSome(b, "docs");
  await waitForEqual([a, b], TIMEOUT_MS);
  await chmod(a.path("docs"), 0o555);
  await chmod(a.path("docs/4.txt"), 0o444);
  await writeFile(b.path("docs/new.txt"), "new");
  await writeFile(b.path("docs/4.txt"), "edited");
  await rm(b.path("docs/5.txt"));
  await issueOf(a, "disk_denied");
  assert.equal((await readdir(a.path("docs"))).length, 21);
  await writeFile(b.path("elsewhere.txt"), "elsewhere");
  await eventually(() => readFile(a.path("elsewhere.txt"), "utf8"), {
    timeoutMs: TIMEOUT_MS,
    what: "what may be written",
  });
  await chmod(a.path("docs"), 0o755);
  await waitForEqual([a, b], TIMEOUT_MS);
  assert.deepEqual(await copiesIn(b), []);
});
