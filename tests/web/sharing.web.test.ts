import assert from "node:assert/strict";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import { eventually } from "../e2e/support/eventually.ts";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture, openPage, type PageOptions } from "./support/browser.ts";
import { expectNames } from "./support/expect.ts";
import { expectFitting } from "./support/fitting.ts";
import { createFolder, pickFiles, row, signIn, startWebWorld, textFile, type WebWorld } from "./support/web-app.ts";

/** A page of another account, on the same server. */
async function openAs(t: TestContext, world: WebWorld, name: string, options: PageOptions = {}): Promise<Page> {
  const account = await world.server.addUser(name);
  const page = await openPage(t, world.browser, options);
  await page.goto(`${world.server.url}/shared`);
  await signIn(page, account);
  return page;
}

async function openShareDialog(page: Page, name: string): Promise<void> {
  await row(page, name).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Share…" }).click();
  await page.getByRole("dialog", { name: `Share “${name}”` }).waitFor();
}

async function invite(page: Page, who: string, role: string): Promise<void> {
  await page.getByLabel("User name or e-mail address").fill(who);
  await page.getByLabel("What they may do").selectOption(role);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("listitem").filter({ hasText: who }).getByText("Invited").waitFor();
}

/** What one looks at shows to the other, as long as it lasts. [PR4] */
async function seeWhoLooks(ann: Page, eve: Page): Promise<void> {
  await row(ann, "plans").dblclick();
  await row(ann, "a.txt").dblclick();
  await ann.getByRole("dialog", { name: "a.txt" }).waitFor();
  const avatar = row(eve, "a.txt").getByRole("img", { name: /ann has this open/ });
  await avatar.waitFor();
  await expectAccessible(eve, "a file that another has open");
  await keepPicture(eve, "file-that-another-has-open");
  await ann.keyboard.press("Escape");
  await avatar.waitFor({ state: "detached" });
  await ann.goBack();
  await row(ann, "plans").waitFor();
}

test("[W12] [WB13] [PR4] a folder is shared, accepted at a place of one's own, changed by both as it happens, and left", async (t) => {
  const world = await startWebWorld(t);
  const ann = await world.open();
  const eve = await openAs(t, world, "eve");
  await createFolder(ann, "plans");
  await row(ann, "plans").dblclick();
  await ann.getByText("This folder is empty").waitFor();
  await pickFiles(ann, [textFile("a.txt", "a")]);
  await row(ann, "a.txt").waitFor();
  await ann.goto(`${world.server.url}/files`);
  await openShareDialog(ann, "plans");
  await ann.getByLabel("User name or e-mail address").fill("nobody");
  await ann.getByRole("button", { name: "Invite", exact: true }).click();
  await ann.getByText("Nobody here has the name “nobody”").waitFor();
  await invite(ann, "eve", "editor");
  await invite(ann, "bob@example.org", "viewer");
  await ann.getByRole("button", { name: "Take the invitation of bob@example.org back" }).click();
  await ann.getByText("The invitation of bob@example.org is taken back").waitFor();
  await ann.keyboard.press("Escape");

  await eve.reload();
  await eve.getByRole("button", { name: "Accept plans" }).click();
  await eve.getByRole("dialog", { name: "Accept “plans”" }).getByLabel("Name").fill("Ann's plans");
  await eve.getByRole("button", { name: "Accept", exact: true }).click();
  await eve.getByRole("link", { name: "Open Ann's plans" }).click();
  await expectNames(eve, ["a.txt"]);
  await seeWhoLooks(ann, eve);
  await pickFiles(eve, [textFile("b.txt", "b")]);
  await row(eve, "b.txt").waitFor();

  await row(ann, "plans").dblclick();
  await expectNames(ann, ["a.txt", "b.txt"]);
  await createFolder(eve, "sub");
  await row(ann, "sub").waitFor();
  await row(ann, "a.txt").click();
  await ann.keyboard.press("Delete");
  await row(eve, "a.txt").waitFor({ state: "detached" });
  await ann.getByText("1 item moved to the trash").waitFor();
  await ann.keyboard.press("Control+z");
  await row(eve, "a.txt").waitFor();

  await row(eve, "a.txt").click({ button: "right" });
  await eve.getByRole("menuitem", { name: "Move to…" }).click();
  await eve.getByRole("dialog").getByRole("button", { name: "Up to" }).click();
  await eve.getByText("Its versions go along").waitFor();
  await keepPicture(eve, "move-over-border");
  await expectAccessible(eve, "a move over a border");
  await eve.getByRole("button", { name: "Move here" }).click();
  await eve.getByText("1 item moved", { exact: true }).waitFor();
  await row(eve, "a.txt").waitFor({ state: "detached" });
  await row(ann, "a.txt").waitFor({ state: "detached" });
  await eve.getByRole("button", { name: "Undo" }).first().click();
  await row(eve, "a.txt").waitFor();
  await row(ann, "a.txt").waitFor();

  // The folder's, over its list; below it is the one of what is selected.
  await eve.getByRole("button", { name: "Share…" }).first().click();
  await eve.getByRole("button", { name: "Leave the folder…" }).click();
  await eve.getByRole("button", { name: "Leave", exact: true }).click();
  await eve.getByText("There is no such folder").waitFor();
});

test("[W12] a viewer is offered nothing that changes, an editor is from the moment of becoming one, and a removed member loses it", async (t) => {
  const world = await startWebWorld(t);
  const ann = await world.open();
  const eve = await openAs(t, world, "eve");
  await createFolder(ann, "plans");
  await openShareDialog(ann, "plans");
  await invite(ann, "eve", "viewer");
  await eve.reload();
  await eve.getByRole("button", { name: "Accept plans" }).click();
  await eve.getByRole("button", { name: "Accept", exact: true }).click();
  await eve.getByRole("link", { name: "Open plans" }).click();
  await eve.getByText("View only").waitFor();
  assert.equal(await eve.getByRole("button", { name: "Upload" }).count(), 0);
  assert.equal(await eve.getByRole("button", { name: "New", exact: true }).count(), 0);
  await ann.reload();
  await openShareDialog(ann, "plans");
  await ann.getByLabel("What eve may do").selectOption("editor");
  await ann.getByText("eve can edit now").waitFor();
  await eve.getByRole("button", { name: "Upload" }).waitFor();
  await ann.getByRole("button", { name: "Remove eve" }).click();
  await ann.getByRole("button", { name: "Remove", exact: true }).click();
  await eve.getByText("There is no such folder").waitFor();
});

for (const theme of ["light", "dark"] as const) {
  test(`[W12] [W18] a link is made with all its limits, shown once with its code, and ended, ${theme}`, async (t) => {
    const world = await startWebWorld(t);
    const page = await world.open({ theme, height: 1000 });
    await createFolder(page, "plans");
    await openShareDialog(page, "plans");
    await invite(page, "bob@example.org", "editor");
    await keepPicture(page, `share-${theme}`);
    await expectAccessible(page, "share dialog");
    await page.getByRole("button", { name: "New link" }).click();
    await page.getByText("Password, dates, limit").click();
    await page.getByLabel("Password", { exact: true }).fill("open sesame");
    await page.getByLabel("Good until").fill("2099-12-31T18:00");
    await page.getByLabel("Downloads at most").fill("3");
    await keepPicture(page, `link-form-${theme}`);
    await expectAccessible(page, "link form");
    await page.getByRole("button", { name: "Create the link" }).click();
    const address = await page.getByLabel("Address of the link").inputValue();
    assert.match(address, /\/s\/[\w-]{32}$/);
    await page.getByRole("button", { name: "Show as QR code" }).click();
    await page.getByRole("img", { name: "QR code of the address" }).waitFor();
    const links = page.getByRole("list", { name: "Links" }).getByRole("listitem");
    assert.match(await links.innerText(), /with a password.*until.*2099.*0 of 3 downloads/);
    await keepPicture(page, `link-made-${theme}`);
    await expectAccessible(page, "new link");
    await page.getByRole("button", { name: /^End the link made/ }).click();
    await page.getByText("There are no links yet.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Shared", exact: true }).click();
    await page.getByRole("button", { name: "Manage plans" }).waitFor();
    await keepPicture(page, `shared-${theme}`);
    await expectAccessible(page, "shared");
  });
}

test("[W12] [W17] sharing fits a phone, in German", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ width: 320, height: 640, language: "de-DE" });
  const { commit, newId, root } = await world.api();
  await commit([{ op: "create_folder", id: newId(), parent_id: root, name: "Unterlagen" }]);
  await row(page, "Unterlagen").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Teilen…" }).click();
  await page.getByLabel("Benutzername oder E-Mail-Adresse").fill("jemand@beispiel.example");
  await page.getByRole("button", { name: "Einladen" }).click();
  await page.getByText("Eingeladen", { exact: true }).waitFor();
  await keepPicture(page, "share-320");
  await expectFitting(page);
  await page.getByRole("button", { name: "Neuer Link" }).click();
  await page.getByRole("button", { name: "Link anlegen" }).click();
  await page.getByLabel("Adresse des Links").waitFor();
  await page.getByRole("button", { name: "Als QR-Code zeigen" }).click();
  await page.getByRole("img", { name: "QR-Code der Adresse" }).waitFor();
  await keepPicture(page, "link-made-320");
  await expectFitting(page);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Geteilt", exact: true }).click();
  await page.getByRole("button", { name: "Unterlagen verwalten" }).waitFor();
  await keepPicture(page, "shared-320");
  await expectFitting(page);
});

test("[W20] what a device puts into a shared folder shows in the browsers of its members", async (t) => {
  const world = await startWebWorld(t);
  const device = await world.signInDevice();
  await device.start();
  await device.wait(60);
  const page = await world.open();
  await createFolder(page, "plans");
  await openShareDialog(page, "plans");
  await invite(page, "eve@example.org", "editor");
  await page.keyboard.press("Escape");
  await row(page, "plans").dblclick();
  await page.getByText("This folder is empty").waitFor();
  const isThere = (): Promise<boolean> =>
    stat(join(device.folder, "plans")).then(
      () => true,
      () => false,
    );
  await eventually(isThere, { what: "the folder on the device", timeoutMs: 120_000 });
  await writeFile(join(device.folder, "plans", "from-laptop.txt"), "hello");
  await row(page, "from-laptop.txt").waitFor();
});
