import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture, openPage } from "./support/browser.ts";
import { expectFitting } from "./support/fitting.ts";
import { drawnPictures } from "./support/samples.ts";
import { pickFiles, row, startWebWorld, textFile } from "./support/web-app.ts";

/** The page is for everybody: on a phone and a large screen, in the light and in the dark. */
async function look(page: Page, screen: string): Promise<void> {
  for (const [colorScheme, width] of [
    ["light", 320],
    ["dark", 1440],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 720 });
    await keepPicture(page, `link-${screen}-${width}`);
    await expectAccessible(page, screen);
    await expectFitting(page);
  }
}

test("[W13] [W17] [W18] a link shows a folder, its pictures and a zip file of it to people without an account", async (t) => {
  const world = await startWebWorld(t);
  const { commit, newId, root, link } = await world.api();
  const album = newId();
  await commit([{ op: "create_folder", id: album, parent_id: root, name: "album" }]);
  const page = await world.open({ at: "/files/album" });
  const [picture] = await drawnPictures(page);
  assert.ok(picture);
  await pickFiles(page, [picture, textFile("notes.txt", "notes")]);
  await row(page, "notes.txt").waitFor();
  await row(page, picture.name).waitFor();

  const guest = await openPage(t, world.browser);
  await guest.goto(await link({ entryId: album, password: "open sesame" }));
  await guest.getByRole("heading", { name: "A password is needed" }).waitFor();
  await look(guest, "locked");
  await guest.getByLabel("Password").fill("wrong");
  await guest.getByRole("button", { name: "Open" }).click();
  await guest.getByText("That is not the password.").waitFor();
  await guest.getByLabel("Password").fill("open sesame");
  await guest.getByRole("button", { name: "Open" }).click();
  await guest.getByRole("heading", { name: "album" }).waitFor();
  await look(guest, "folder");
  await guest.getByRole("link", { name: picture.name, exact: true }).click();
  const shown = guest.getByRole("img", { name: picture.name });
  await shown.waitFor();
  await guest.waitForFunction(() => (document.querySelector("img")?.naturalWidth ?? 0) > 0);
  await look(guest, "picture");
  await guest.getByRole("link", { name: "Back" }).click();
  const arriving = guest.waitForEvent("download");
  await guest.getByRole("link", { name: "Download everything as a zip file" }).click();
  assert.equal((await arriving).suggestedFilename(), "album.zip");

  await guest.goto(await link({ entryId: album, kind: "download", maxDownloads: 1 }));
  const saving = guest.waitForEvent("download");
  await guest.getByRole("link", { name: "Download notes.txt" }).click();
  await saving;
  await guest.reload();
  await guest.getByText("This link was used as often as it may be.").waitFor();
  await look(guest, "used-up");
  await guest.goto(`${world.server.url}/s/${"a".repeat(32)}`);
  await guest.getByRole("heading", { name: "This link leads nowhere" }).waitFor();
  await look(guest, "nowhere");
});

test("[W13] [W17] [W18] a link that takes files puts them into the folder, and says under which names", async (t) => {
  const world = await startWebWorld(t);
  const { commit, newId, root, link } = await world.api();
  const inbox = newId();
  await commit([{ op: "create_folder", id: inbox, parent_id: root, name: "inbox" }]);
  const page = await world.open({ at: "/files/inbox" });
  await page.getByText("This folder is empty").waitFor();
  const guest = await openPage(t, world.browser);
  await guest.goto(await link({ entryId: inbox, kind: "upload" }));
  await guest.getByRole("heading", { name: "inbox" }).waitFor();
  const input = guest.locator("input[type=file]");
  await input.setInputFiles([textFile("a.txt", "first"), textFile("b.txt", "x".repeat(3_000_000))]);
  const files = guest.getByRole("list", { name: "Your files" });
  await files.getByText("Arrived", { exact: true }).nth(1).waitFor();
  await input.setInputFiles([textFile("a.txt", "second")]);
  await files.getByText("Arrived as a (2).txt").waitFor();
  await look(guest, "upload");
  await row(page, "a (2).txt").waitFor();
  await row(page, "b.txt").waitFor();
});
