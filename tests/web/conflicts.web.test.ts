import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { EntryId } from "@satchel/protocol";
import { eventually } from "../e2e/support/eventually.ts";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture } from "./support/browser.ts";
import { expectNames } from "./support/expect.ts";
import { expectFitting } from "./support/fitting.ts";
import { oneChunk } from "./support/one-chunk.ts";
import { names, row, startWebWorld, type TreeAccess } from "./support/web-app.ts";

interface Sides {
  readonly base: string;
  readonly theirs: string;
  readonly mine: string;
}

/** A file that somebody edited twice over, as two devices leave it behind. */
async function makeConflict(
  tree: TreeAccess,
  name: string,
  sides: Sides,
): Promise<{ readonly original: EntryId; readonly copy: EntryId }> {
  const [base, theirs, mine] = [sides.base, sides.theirs, sides.mine].map((side) => Buffer.from(side));
  assert.ok(base && theirs && mine);
  const [id, copy, parent_id] = [tree.newId(), tree.newId(), tree.root];
  const made = await tree.commit([{ op: "create_file", id, parent_id, name, content: oneChunk(base) }], [base]);
  const version = made[0] ?? assert.fail();
  await tree.commit([{ op: "edit_file", id, base_version_id: version, content: oneChunk(theirs) }], [theirs]);
  const place = { parent_id, name: name.replace(".", " (Conflicted copy).") };
  const mark = { conflict_of: id, conflict_base: version };
  await tree.commit([{ op: "create_file", id: copy, ...place, content: oneChunk(mine), ...mark }], [mine]);
  return { original: id, copy };
}

const text = {
  base: "one\ntwo\nthree\nfour\nfive\n",
  theirs: "one of theirs\ntwo\nthree of theirs\nfour\nfive\n",
  mine: "one\ntwo\nthree of mine\nfour\nfive of mine\n",
};
const pixel = (color: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="${color}"/></svg>`;
const picture = { base: pixel("red"), theirs: pixel("green"), mine: pixel("blue") };

function inbox(page: Page) {
  return page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Conflicts/ });
}

async function textOf(page: Page, name: string): Promise<string> {
  const downloading = page.waitForEvent("download");
  await row(page, name).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Download" }).click();
  return await readFile(await (await downloading).path(), "utf8");
}

/** None is left, and the way to them is gone. */
async function expectNoConflicts(page: Page): Promise<void> {
  await inbox(page).waitFor({ state: "detached" });
}

test("[W31] a conflict shows as it comes, is merged place by place or settled as a whole, and what was chosen can be taken back", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  const tree = await world.api();
  const { original } = await makeConflict(tree, "notes.ts", text);
  await inbox(page).filter({ hasText: "1" }).click();
  await page.getByRole("link", { name: "Compare notes (Conflicted copy).ts" }).click();
  await page.getByText("1 place that both changed").waitFor();
  await page.getByRole("region", { name: "What both started from" }).getByText("ann on the test itself").waitFor();
  const save = page.getByRole("button", { name: "Save the merge" });
  assert.equal(await save.isDisabled(), true);
  await page.getByRole("radio", { name: "Copy" }).focus();
  await page.keyboard.press("Space");
  await page.getByText("1 of 1 places are chosen").waitFor();
  await save.click();
  await page.getByText("Nothing is in conflict.").waitFor();
  await page.getByRole("link", { name: "Files", exact: true }).click();
  await expectNames(page, ["notes.ts"]);
  await expectNoConflicts(page);
  assert.equal(await textOf(page, "notes.ts"), "one of theirs\ntwo\nthree of mine\nfour\nfive of mine\n");
  await page.keyboard.press("Control+z");
  await row(page, "notes (Conflicted copy).ts").waitFor();
  assert.equal(await textOf(page, "notes.ts"), text.theirs);

  // What has no text is settled as a whole, and a rule settles all that is left.
  await makeConflict(tree, "photo.svg", picture);
  const place = { parent_id: tree.root, name: "notes (Conflicted copy 2).ts", conflict_of: original };
  await tree.commit([{ op: "create_folder", id: tree.newId(), ...place }]);
  await inbox(page).filter({ hasText: "3" }).click();
  await page.getByRole("link", { name: "Compare photo (Conflicted copy).svg" }).click();
  await page.getByRole("img", { name: "Original" }).waitFor();
  await page.getByRole("img", { name: "Conflicted copy" }).waitFor();
  await page.getByRole("button", { name: "Keep the copy" }).click();
  await inbox(page).filter({ hasText: "2" }).waitFor();
  await page.getByLabel("For all conflicts").selectOption("both");
  await page.getByRole("button", { name: "Resolve all…" }).click();
  await page.getByRole("button", { name: "Resolve", exact: true }).click();
  await page.getByText("Nothing is in conflict.").waitFor();
  await page.getByRole("link", { name: "Files", exact: true }).click();
  const left = ["notes (2).ts", "notes (3).ts", "notes.ts", "photo.svg"];
  await eventually(async () => (await names(page)).toSorted().join() === left.join(), {
    timeoutMs: 90_000,
    what: "both of each to be ordinary files",
  });
  assert.equal(await textOf(page, "photo.svg"), picture.mine);
  await expectNoConflicts(page);
});

test("[W31] [W17] [W18] the inbox is accessible in both themes, and fits a phone in German", async (t) => {
  const world = await startWebWorld(t);
  const tree = await world.api();
  const { copy } = await makeConflict(tree, "notes.ts", text);
  await makeConflict(tree, "photo.svg", picture);
  for (const theme of ["light", "dark"] as const) {
    const page = await world.open({ theme, at: "/conflicts" });
    await page.getByRole("link", { name: "Compare photo (Conflicted copy).svg" }).waitFor();
    await keepPicture(page, `conflicts-${theme}`);
    await expectAccessible(page, "conflicts");
    await page.getByRole("link", { name: "Compare notes (Conflicted copy).ts" }).click();
    await page.getByRole("radio", { name: "Both" }).check();
    await keepPicture(page, `conflict-${theme}`);
    await expectAccessible(page, "conflict");
    await page.context().close();
  }
  const phone = await world.open({ width: 320, height: 640, language: "de-DE", at: `/conflicts/${copy}` });
  await phone.getByText("1 Stelle, die beide geändert haben").waitFor();
  await keepPicture(phone, "conflict-320");
  await expectFitting(phone);
  await phone.getByRole("link", { name: "Alle Konflikte" }).click();
  await phone.getByLabel("Für alle Konflikte").waitFor();
  await keepPicture(phone, "conflicts-320");
  await expectFitting(phone);
});
