import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { keepPicture } from "./support/browser.ts";
import { expectFitting } from "./support/fitting.ts";
import { createFolder, pickFiles, row, startWebWorld, textFile } from "./support/web-app.ts";

/** No language of the app is written from right to left yet, so its words stay English. */
async function turnAround(page: Page): Promise<void> {
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
}

test("[W19] everything turns around with the direction of the language, also its keys", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await createFolder(page, "صور");
  await pickFiles(page, [textFile("a.txt", "a"), textFile("b.txt", "b")]);
  await row(page, "b.txt").waitFor();
  await turnAround(page);
  const nav = await page.getByRole("navigation", { name: "Main" }).boundingBox();
  const main = await page.getByRole("main").boundingBox();
  assert.ok(nav && main && nav.x >= main.x + main.width, "the navigation is where reading begins");
  await keepPicture(page, "rtl-files");
  await expectFitting(page);
  await page.getByRole("button", { name: "Grid" }).click();
  await row(page, "a.txt").click();
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("ArrowLeft");
  await page.locator('[data-entry][aria-selected="true"]').filter({ hasText: "b.txt" }).waitFor();
  await page.keyboard.press("Enter");
  const preview = page.getByRole("dialog");
  await preview.getByRole("heading", { name: "b.txt" }).waitFor();
  await keepPicture(page, "rtl-preview");
  await page.keyboard.press("ArrowRight");
  await preview.getByRole("heading", { name: "a.txt" }).waitFor();
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 320, height: 720 });
  await expectFitting(page);
  await keepPicture(page, "rtl-phone");
});
