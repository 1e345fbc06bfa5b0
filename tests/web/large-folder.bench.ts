// `npm run bench:web -- [--entries 100000] [--files 3000] [--slower 1] [--by drop|picker]`: what a browser does with a folder of so many entries, and while so many files and one of 200 MB are
// brought into it: how long each step takes until it shows, the longest task in it, and how many rows were in the page. `--slower 4`: with a processor a quarter as fast.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openPage } from "./support/browser.ts";
import { fillFolder, longestTask, watchLongTasks } from "./support/large-folder.ts";
import { row, signIn, startWebWorld } from "./support/web-app.ts";

const { values } = parseArgs({
  options: {
    entries: { type: "string", default: "100000" },
    files: { type: "string", default: "3000" },
    slower: { type: "string", default: "1" },
    by: { type: "string", default: "drop" },
  },
  strict: false,
});
const entries = Number(values.entries);
const files = Number(values.files);
const counted = entries.toLocaleString("en-GB");

await test(`a folder of ${counted} entries`, async (t) => {
  const world = await startWebWorld(t);
  await fillFolder(world, entries);
  const page = await openPage(t, world.browser);
  await watchLongTasks(page);
  await page.goto(world.server.url);
  await signIn(page, world.account);
  await page.getByText(`${counted} items`).waitFor();
  const slowing = await page.context().newCDPSession(page);
  await slowing.send("Emulation.setCPUThrottlingRate", { rate: Number(values.slower) });
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    await longestTask(page);
    const startedMs = performance.now();
    await work();
    const tookMs = Math.round(performance.now() - startedMs);
    // What follows on the step belongs to it.
    await page.waitForTimeout(500);
    const rows = await page.locator("[data-entry]").count();
    console.log(`${name}: ${tookMs} ms, longest task ${await longestTask(page)} ms, ${rows} rows`);
  };
  await page.reload();
  await step("first rows", () => page.locator("[data-entry]").first().waitFor());
  await step("all read", () => page.getByText(`${counted} items`).waitFor());
  await page.locator("[role=grid]").focus();
  await step("to the end", async () => {
    await page.keyboard.press("End");
    await row(page, `n${entries - 1}`).waitFor();
  });
  await step("scrolled through", async () => {
    for (let at = 0; at <= 40; at += 1)
      await page.locator("[role=grid]").evaluate((list, part) => list.scrollTo(0, list.scrollHeight * part), at / 40);
  });
  await step("sorted the other way", async () => {
    await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
    await page.locator("[role=grid]").evaluate((list) => list.scrollTo(0, 0));
    await row(page, `n${entries - 1}`).waitFor();
  });
  await step("sorted by size", async () => {
    await page.getByRole("columnheader", { name: "Size" }).getByRole("button").click();
    await page.locator("[role=grid][aria-busy=false]").waitFor();
    await page.locator("[role=grid]").evaluate((list) => list.scrollTo(0, 0));
    await row(page, "n0").waitFor();
  });
  await step("left, and come back to", async () => {
    await page.getByRole("link", { name: "Trash" }).click();
    await page.getByRole("heading", { name: "Trash", exact: true }).waitFor();
    await page.goBack();
    await page.locator("[data-entry]").first().waitFor();
  });
  await page.locator("[role=grid]").focus();
  await step("all selected", async () => {
    await page.keyboard.press("Control+a");
    await page.getByText(`${counted} selected`).waitFor();
  });
  await step("one row down", () => page.keyboard.press("ArrowDown"));
  await page.keyboard.press("Escape");
  await step("a change from elsewhere", async () => {
    const { commit, newId, root } = await world.api();
    await commit([{ op: "create_folder", id: newId(), parent_id: root, name: "a new one" }]);
    await page.getByText(`${(entries + 1).toLocaleString("en-GB")} items`).waitFor();
  });
  await step(`${files} files and 200 MB brought`, async () => {
    const source = join(world.directory, "source");
    await mkdir(source);
    await writeFile(join(source, "big.bin"), randomBytes(200_000_000));
    for (let at = 0; at < files; at += 1) await writeFile(join(source, `${at}.txt`), `the text ${at}`);
    await (values.by === "picker" ? pickFolder(page, source) : dropFolder(page, source));
    const brought = (files + 1).toLocaleString("en-GB");
    await page.getByText(`${brought} of ${brought} files`).waitFor({ timeout: 600_000 });
  });
});

async function pickFolder(page: Page, folder: string): Promise<void> {
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload" }).click();
  await page.getByRole("menuitem", { name: "Folder…" }).click();
  await (await choosing).setFiles(folder);
}

/** As a hand drops it from a window of the system. */
async function dropFolder(page: Page, folder: string): Promise<void> {
  const list = await page.locator("[role=grid]").boundingBox();
  if (!list) throw new Error("there is no list to drop onto");
  const hand = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await hand.send("Input.dispatchDragEvent", { type, x: list.x + 200, y: list.y + 200, data });
  await hand.detach();
}
