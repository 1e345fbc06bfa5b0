import assert from "node:assert/strict";
import { test } from "node:test";
import { keepPicture } from "./support/browser.ts";
import { expectAccessible } from "./support/accessible.ts";
import { expectFitting } from "./support/fitting.ts";
import { pickFiles, row, startWebWorld, textFile } from "./support/web-app.ts";

const sections = [
  ["profile", "User name"],
  ["security", "Authenticator app"],
  ["devices", "This browser"],
  ["passwords", "You have none."],
  ["storage", "Earlier versions"],
  ["appearance", "Single-key shortcuts"],
  ["data", "Delete the account"],
] as const;

for (const theme of ["light", "dark"] as const) {
  test(`[W16] [W18] the settings are in the app, a section to an address, and axe finds nothing there, ${theme}`, async (t) => {
    const world = await startWebWorld(t);
    const page = await world.open({ theme });
    await page.getByRole("button", { name: "Account of ann" }).click();
    await page.getByRole("menuitem", { name: "Settings" }).click();
    await page.waitForURL("**/settings/profile");
    for (const [name, words] of sections) {
      await page.goto(`${world.server.url}/settings/${name}`);
      await page.getByRole("main").getByText(words).first().waitFor();
      await keepPicture(page, `settings-${name}-${theme}`);
      await expectAccessible(page, name);
    }
  });
}

test("[W17] the settings fit a phone, and are in German where the browser asks for it", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ width: 320, height: 720, language: "de-DE" });
  for (const name of ["devices", "storage", "appearance"]) {
    await page.goto(`${world.server.url}/settings/${name}`);
    await page.getByRole("heading", { level: 2 }).first().waitFor();
    await keepPicture(page, `settings-${name}-320-de`);
    await expectFitting(page);
  }
  await page.getByRole("radio", { name: "English" }).check();
  await page.getByRole("heading", { name: "Language" }).waitFor();
});

test("[W16] a device that is signed out in the settings is refused at its next request", async (t) => {
  const world = await startWebWorld(t);
  const device = await world.signInDevice();
  const page = await world.open({ at: "/settings/devices" });
  await page.getByRole("button", { name: "Sign out laptop" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
  await page.getByText("“laptop” is signed out").waitFor();
  await assert.rejects(device.satchel(["ls"]), /revoked|login/i);
});

test("[W16] an app password is made, shown once, works, and is taken back", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ at: "/settings/passwords" });
  await page.getByRole("button", { name: "Make an app password" }).click();
  await page.getByLabel("What it is for").fill("backup");
  await page.getByLabel("Your password").fill("a wrong one");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText("The password or the code is wrong.").waitFor();
  await page.getByLabel("Your password").fill(world.account.password);
  await page.getByRole("button", { name: "Make it" }).click();
  const secret = await page.getByLabel("Password", { exact: true }).inputValue();
  await keepPicture(page, "app-password");
  await page.getByRole("button", { name: "Close" }).last().click();
  const ask = () =>
    fetch(`${world.server.url}/v1/usage`, {
      headers: { authorization: `Basic ${Buffer.from(`ann:${secret}`).toString("base64")}` },
    });
  assert.equal((await ask()).status, 200);
  await page.getByRole("button", { name: "Take back backup" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Take back" }).click();
  await page.getByText("You have none.").waitFor();
  assert.equal((await ask()).status, 401);
});

test("[W16] the command that adds a device does, and the export of the account begins after a fresh proof", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ at: "/settings/devices" });
  await page.getByRole("button", { name: "Add a device" }).click();
  assert.match(await page.getByLabel("Command").inputValue(), /^satchel join [\w-]{40,}$/);
  await page.goto(`${world.server.url}/settings/data`);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the archive" }).click();
  assert.equal((await downloading).suggestedFilename(), "satchel-export.tar");
});

test("[W16] the settings say what is stored for what, and lead to the trash", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await pickFiles(page, [textFile("a.txt", "twelve bytes")]);
  await row(page, "a.txt").getByText("12 bytes").waitFor();
  await page.goto(`${world.server.url}/settings/storage`);
  await page.getByText("12 bytes used").first().waitFor();
  await page.getByRole("link", { name: "Open the trash" }).click();
  await page.getByRole("heading", { level: 1, name: "Trash" }).waitFor();
});

test("[W16] an account's deletion asks for the password, names the day, and can be taken back", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ at: "/settings/data" });
  await page.getByRole("button", { name: "Delete my account…" }).click();
  await page.getByLabel("Your password").fill(world.account.password);
  await page.getByRole("button", { name: "Delete the account" }).click();
  await page
    .getByText(/will be erased on .* 2\d{3}/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Keep my account" }).click();
  await page.getByRole("button", { name: "Delete my account…" }).waitFor();
});
