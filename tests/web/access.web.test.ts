import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture, openPage } from "./support/browser.ts";
import { fillFolder, longestTask, watchLongTasks } from "./support/large-folder.ts";
import { expectFitting } from "./support/fitting.ts";
import { createFolder, pickFiles, row, signIn, startWebWorld, textFile } from "./support/web-app.ts";

async function fill(page: Page): Promise<void> {
  await createFolder(page, "Photos");
  const texts = ["report.pdf", "holiday.jpg", "notes.md", "budget.csv"].map((name) => textFile(name, name));
  await pickFiles(page, texts);
  await row(page, "notes.md").waitFor();
  await page.getByText("4 of 4 files").waitFor();
}

async function walkScreens(page: Page, t: TestContext, look: (screen: string) => Promise<void>): Promise<void> {
  await look("empty folder");
  await fill(page);
  await look("list with uploads");
  await page.getByRole("complementary", { name: "Uploads" }).getByRole("button", { name: "Close" }).click();
  await row(page, "notes.md").click();
  await look("selection");
  await row(page, "notes.md").click({ button: "right" });
  await page.getByRole("menu").waitFor();
  await look("menu");
  await page.keyboard.press("Escape");
  await row(page, "notes.md").click();
  await page.keyboard.press("F2");
  await page.getByRole("dialog", { name: /^Rename/ }).waitFor();
  await look("rename");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: /^Rename/ }).waitFor({ state: "detached" });
  await row(page, "notes.md").click();
  await page.keyboard.press("v");
  await page
    .getByRole("dialog", { name: /^Versions/ })
    .getByRole("listitem")
    .first()
    .waitFor();
  await look("versions");
  await page.keyboard.press("Escape");
  await row(page, "budget.csv").click();
  await page.keyboard.press("Space");
  await page.getByRole("dialog", { name: "budget.csv" }).getByRole("columnheader", { name: "budget.csv" }).waitFor();
  await look("preview of a table");
  await page.keyboard.press("ArrowRight");
  await page
    .getByRole("dialog", { name: "holiday.jpg" })
    .getByRole("heading", { name: "This file can't be shown" })
    .waitFor();
  await look("no preview");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await look("shortcuts");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Grid" }).click();
  await look("grid");
  await row(page, "notes.md").click();
  await page.keyboard.press("Delete");
  await page.getByRole("link", { name: "Trash" }).click();
  await page.getByRole("button", { name: "Restore notes.md" }).waitFor();
  await look("trash");
  t.diagnostic("11 screens");
}

for (const theme of ["light", "dark"] as const) {
  test(`[W18] axe finds nothing on any screen, ${theme}`, async (t) => {
    const world = await startWebWorld(t);
    const page = await world.open({ theme });
    await walkScreens(page, t, async (screen) => {
      await keepPicture(page, `${screen.replaceAll(" ", "-")}-${theme}`);
      await expectAccessible(page, screen);
    });
  });
}

for (const width of [320, 768, 1440]) {
  test(`[W17] at ${width} pixels nothing is wider than the screen, and what is touched is large enough`, async (t) => {
    const world = await startWebWorld(t);
    const page = await world.open({ width, height: 720 });
    await fill(page);
    await row(page, "notes.md").click();
    await keepPicture(page, `files-${width}`);
    await expectFitting(page);
  });
}

test("[W8] the whole journey by keyboard alone: sign in, create, open, rename, delete, undo, find help", async (t) => {
  const world = await startWebWorld(t);
  const page = await openPage(t, world.browser);
  await page.goto(world.server.url);
  await page.getByLabel("User name or e-mail").focus();
  await page.keyboard.type(world.account.name);
  await page.getByLabel("Password", { exact: true }).focus();
  await page.keyboard.type(world.account.password);
  await page.keyboard.press("Enter");
  await page.getByText("This folder is empty").waitFor();
  await tabTo(page, "New");
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "New folder" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "New folder" }).waitFor();
  await page.keyboard.type("by keys");
  await page.keyboard.press("Enter");
  await row(page, "by keys").waitFor();
  await page.locator("[role=grid]").waitFor();
  await tabToGrid(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("F2");
  await page.getByRole("dialog", { name: /^Rename/ }).waitFor();
  await page.keyboard.type("renamed");
  await page.keyboard.press("Enter");
  await row(page, "renamed").waitFor();
  await page.getByRole("dialog", { name: /^Rename/ }).waitFor({ state: "detached" });
  await tabToGrid(page);
  await page.keyboard.press("Delete");
  await page.getByText("This folder is empty").waitFor();
  await page.keyboard.press("Control+z");
  await row(page, "renamed").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
});

test("[W19] German is spoken where the browser asks for it, and a choice stays", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ language: "de-DE" });
  await page.getByText("Dieser Ordner ist leer").waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.getByRole("button", { name: "Konto von ann" }).click();
  await page.getByRole("menuitemradio", { name: "English" }).click();
  await page.reload();
  await page.getByText("This folder is empty").waitFor();
});

test("[W2] 100,000 entries: few rows are in the page, and all of them can be reached, sorted and selected", async (t) => {
  const world = await startWebWorld(t);
  await fillFolder(world, 100_000);
  const page = await openPage(t, world.browser);
  await watchLongTasks(page);
  await page.goto(world.server.url);
  await signIn(page, world.account);
  const rows = page.locator("[data-entry]");
  const list = page.locator("[role=grid]");
  await rows.first().waitFor();
  await page.getByText("100,000 items").waitFor();
  assert.ok((await rows.count()) < 200);
  await list.focus();
  await page.keyboard.press("End");
  await row(page, "n99999").waitFor();
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await list.evaluate((element) => element.scrollTo(0, 0));
  await row(page, "n99998").waitFor();
  assert.ok((await rows.count()) < 200);
  await list.focus();
  await page.keyboard.press("Control+a");
  await page.getByText("100,000 selected").waitFor();
  // A change from elsewhere, and one of all that is selected.
  const { commit, newId, root } = await world.api();
  await commit([{ op: "create_folder", id: newId(), parent_id: root, name: "zz" }]);
  await row(page, "zz").waitFor();
  await page.getByText("100,000 selected").waitFor();
  t.diagnostic(`longest task: ${await longestTask(page)} ms`);
});

async function tabTo(page: Page, words: string): Promise<void> {
  await tabUntil(page, (text) => text === words, words);
}

async function tabToGrid(page: Page): Promise<void> {
  await tabUntil(page, (_text, role) => role === "grid", "the list");
}

async function tabUntil(
  page: Page,
  isThere: (text: string, role: string | null) => boolean,
  what: string,
): Promise<void> {
  for (let tabs = 0; tabs < 40; tabs += 1) {
    const { text, role } = await page.evaluate(() => ({
      text: (document.activeElement?.textContent ?? "").trim(),
      role: document.activeElement?.getAttribute("role") ?? null,
    }));
    if (isThere(text, role)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard can't reach ${what}`);
}
