import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../e2e/support/eventually.ts";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture } from "./support/browser.ts";
import { expectFitting } from "./support/fitting.ts";
import { drawnPictures } from "./support/samples.ts";
import { pickFiles, row, startWebWorld, textFile } from "./support/web-app.ts";

test("[W24] [W18] the app can be installed, and what is kept in the browser is read without the server, until one signs out", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>("link[rel=manifest]");
    const told = (await (await fetch(link?.href ?? "")).json()) as { start_url: string; icons: { src: string }[] };
    const addresses = [told.start_url, ...told.icons.map(({ src }) => src)].map((to) => new URL(to, link?.href).href);
    return Promise.all(addresses.map(async (address) => (await fetch(address)).status));
  });
  assert.deepEqual(manifest, [200, 200, 200, 200, 200]);

  const [png] = await drawnPictures(page);
  assert.ok(png);
  await pickFiles(page, [textFile("notes.txt", "read me anywhere"), png, textFile("other.txt", "not kept")]);
  for (const name of ["notes.txt", "picture.png"]) {
    await row(page, name).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Keep offline" }).click();
    await page.getByText(`“${name}” is kept in this browser`).waitFor();
  }
  // The document is what the service worker keeps last.
  const documentIsKept = (): Promise<boolean> =>
    page.evaluate(async () => {
      const isKept = (await caches.match(new URL("files", document.baseURI).href)) !== undefined;
      return isKept && navigator.serviceWorker.controller !== null;
    });
  await eventually(documentIsKept, { timeoutMs: 90_000, what: "the app to be kept", intervalMs: 200 });

  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole("heading", { name: "The server can't be reached" }).waitFor();
  await page.getByRole("button", { name: "Show notes.txt" }).click();
  await page.getByText("read me anywhere").waitFor();
  await page.getByRole("button", { name: "Show picture.png" }).click();
  const picture = page.getByRole("img", { name: "picture.png" });
  await picture.waitFor();
  await page.waitForFunction(() => (document.querySelector<HTMLImageElement>("figure img")?.naturalWidth ?? 0) > 0);
  assert.equal(await page.getByText("other.txt").count(), 0);
  await keepPicture(page, "offline");
  await expectAccessible(page, "offline");
  await page.setViewportSize({ width: 320, height: 720 });
  await expectFitting(page);
  await keepPicture(page, "offline-320");
  await page.setViewportSize({ width: 1280, height: 800 });

  // It goes on by itself, and a kept file is shown by what is kept.
  await page.context().setOffline(false);
  await row(page, "notes.txt").waitFor();
  await row(page, "notes.txt").dblclick();
  await page.getByText("read me anywhere").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Account of ann" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/sign-/);
  assert.deepEqual(await page.evaluate(async () => (await caches.keys()).filter((name) => name.includes("kept"))), []);
});
