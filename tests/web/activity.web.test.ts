import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture } from "./support/browser.ts";
import { expectNames } from "./support/expect.ts";
import { expectFitting } from "./support/fitting.ts";
import { createFolder, pickFiles, row, startWebWorld, textFile } from "./support/web-app.ts";

test("[W14] activity shows what a device does within two seconds, with who and on which device", async (t) => {
  const world = await startWebWorld(t);
  const device = await world.signInDevice();
  await device.start();
  await device.wait(60);
  const page = await world.open({ at: "/activity" });
  await page.getByText("Nothing was done here yet").waitFor();
  await writeFile(join(device.folder, "report.txt"), "from the laptop");
  const line = page.getByRole("listitem").filter({ hasText: "ann added report.txt" });
  await line.waitFor();
  assert.match(await line.innerText(), /on laptop/);
});

for (const theme of ["light", "dark"] as const) {
  test(`[W15] [W18] a folder goes back to an instant, after a look at what would change, and forth again, ${theme}`, async (t) => {
    const world = await startWebWorld(t);
    const page = await world.open({ theme });
    await createFolder(page, "docs");
    await row(page, "docs").dblclick();
    await page.getByText("This folder is empty").waitFor();
    await pickFiles(page, [textFile("kept.txt", "kept")]);
    await row(page, "kept.txt").waitFor();
    await pickFiles(page, [textFile("late.txt", "late")]);
    await row(page, "late.txt").waitFor();
    await page.goto(`${world.server.url}/activity/docs`);
    await page.getByText("ann added late.txt").waitFor();
    await keepPicture(page, `activity-${theme}`);
    await expectAccessible(page, "activity");
    await page.getByRole("button", { name: "Go back in time…" }).click();
    await page.getByText("1 entry would change:").waitFor();
    await page.getByRole("list", { name: "What would change" }).getByText("/docs/late.txt").waitFor();
    await keepPicture(page, `rewind-${theme}`);
    await expectAccessible(page, "rewind");
    await page.getByRole("button", { name: "Take it back" }).click();
    await page.getByText("1 entry is as it was").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("As it was before").waitFor();
    await page.getByRole("link", { name: "Open the folder" }).click();
    await expectNames(page, ["kept.txt", "late.txt"]);
  });
}

test("[W17] the activity fits a phone, in German", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ width: 320, height: 720, language: "de-DE" });
  const { commit, newId, root } = await world.api();
  const name = "ein sehr langer Name eines Ordners, der umgebrochen werden muss";
  await commit([{ op: "create_folder", id: newId(), parent_id: root, name }]);
  await page.goto(`${world.server.url}/activity`);
  await page.getByText(`ann hat ${name} hinzugefügt`).waitFor();
  await expectFitting(page);
});
