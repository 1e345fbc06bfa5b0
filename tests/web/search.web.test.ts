import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../e2e/support/eventually.ts";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture } from "./support/browser.ts";
import { expectFitting } from "./support/fitting.ts";
import { createFolder, pickFiles, row, startWebWorld, textFile } from "./support/web-app.ts";

test("[W30] [W18] names are found while they are typed, narrowed, and opened with the keyboard alone", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ theme: "dark" });
  await createFolder(page, "Travel plans");
  await row(page, "Travel plans").dblclick();
  await page.getByText("This folder is empty").waitFor();
  await pickFiles(page, [textFile("Plan for Rome.txt", "see the forum"), textFile("budget.csv", "a,b")]);
  await row(page, "budget.csv").waitFor();

  await page.keyboard.press("/");
  const field = page.getByRole("searchbox", { name: "Search files and folders" });
  await field.waitFor();
  assert.match(page.url(), /where=Travel\+plans/);
  await field.fill("plan");
  const results = page.getByRole("list", { name: "Results" }).getByRole("listitem");
  // In the folder that it began in there is one; the folder itself lies elsewhere.
  await page.getByText("1 result", { exact: true }).waitFor();
  assert.equal(await results.locator("mark").first().innerText(), "Plan");
  await page.getByLabel("Where").selectOption({ label: "Everywhere" });
  await page.getByText("2 results", { exact: true }).waitFor();
  await keepPicture(page, "search-dark");
  await expectAccessible(page, "search");

  await field.fill("bugdet");
  await results.filter({ hasText: "budget.csv" }).waitFor();
  await page.getByLabel("Type").selectOption({ label: "Pictures" });
  await page.getByText("Nothing was found").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await results.filter({ hasText: "budget.csv" }).waitFor();

  // What is in files is read a moment after it came: it is asked for until it is there.
  const inText = results.locator("mark", { hasText: "forum" });
  const seen = async (): Promise<boolean> => {
    await page.goto(`${world.server.url}/search?q=forum`);
    await page.getByText(/1 result|Nothing was found/).waitFor();
    return (await inText.count()) > 0;
  };
  await eventually(seen, { timeoutMs: 120_000, what: "the text of a file to be found", intervalMs: 500 });
  await results.filter({ hasText: "see the forum" }).waitFor();

  await field.fill("plan");
  await page.getByText("2 results", { exact: true }).waitFor();
  await field.press("ArrowDown");
  await page.keyboard.press("Enter");
  const opened = page.getByRole("dialog").getByText("see the forum");
  await opened.waitFor();
  await page.keyboard.press("Escape");
  await opened.waitFor({ state: "detached" });
  await page.reload();
  assert.equal(await field.inputValue(), "plan");
  await page.getByRole("link", { name: "Show in folder" }).first().click();
  await row(page, "Plan for Rome.txt").waitFor();
});

test("[W30] [W17] the search fits a phone, in German, and shows what was made elsewhere in the meantime", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ width: 320, height: 720, language: "de-DE" });
  await page.goto(`${world.server.url}/search?q=ordner`);
  await page.getByText("Nichts gefunden").waitFor();
  const { commit, newId, root } = await world.api();
  const name = "ein sehr langer Name eines Ordners, der umgebrochen werden muss";
  await commit([{ op: "create_folder", id: newId(), parent_id: root, name }]);
  await page.getByRole("link", { name }).waitFor();
  await expectFitting(page);
});
