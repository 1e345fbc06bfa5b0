import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture } from "./support/browser.ts";
import { pickFiles, row, startWebWorld } from "./support/web-app.ts";

test("[W20] [W18] what a device does, and what it or another browser uploads, shows while it does it", async (t) => {
  const world = await startWebWorld(t);
  const device = await world.signInDevice();
  await device.satchel(["limit", "--up", "20k"]);
  await writeFile(join(device.folder, "film.bin"), randomBytes(6_000_000));
  const page = await world.open();
  await device.start();
  await page.getByText("Uploading from laptop: film.bin").waitFor();
  const beside = page.getByRole("list", { name: "Devices" }).getByRole("listitem").filter({ hasText: "laptop" });
  await beside.getByText("Syncing…").waitFor();
  await keepPicture(page, "devices-beside");
  await expectAccessible(page, "files while a device uploads");
  await beside.getByRole("link", { name: "laptop" }).click();
  const listed = page.getByRole("main").getByRole("listitem").filter({ hasText: "laptop" });
  await listed.getByText("1 file to go").waitFor();
  await keepPicture(page, "devices-page");
  await expectAccessible(page, "devices that work");
  await device.satchel(["pause"]);
  await listed.getByText("Paused").waitFor();
  await device.satchel(["resume"]);
  await device.satchel(["limit", "clear"]);
  await listed.getByText("Synced").waitFor();
  await page.getByRole("link", { name: "Files", exact: true }).click();
  await row(page, "film.bin").waitFor();
  await page.getByText("Uploading from laptop").waitFor({ state: "detached" });
  await device.stop();
  await beside.waitFor({ state: "detached" });

  const sending = await world.open();
  // Its bytes arrive nowhere for now.
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await sending.context().route("**/v1/chunks/**", async (route) => {
    await held;
    await route.continue();
  });
  await pickFiles(
    sending,
    ["notes.bin", "film.bin"].map((name) => ({ name, mimeType: "", buffer: randomBytes(3_000_000) })),
  );
  await sending.getByRole("button", { name: "Replace" }).click();
  await page.getByText(/Uploading from .*: notes\.bin/).waitFor();
  await row(page, "film.bin").getByText("Uploading…").waitFor();
  letGo();
  await row(page, "notes.bin").waitFor();
  await page.getByText(/Uploading from/).waitFor({ state: "detached" });
});
