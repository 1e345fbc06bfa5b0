import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { goesWithout } from "@satchel/testkit";
import type { Locator, Page } from "playwright-core";
import { eventually } from "../e2e/support/eventually.ts";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture, openPage } from "./support/browser.ts";
import { cameraFile } from "./support/camera-file.ts";
import { drawnPictures, printedPages, sample, type SampleFile } from "./support/samples.ts";
import { pickFiles, row, startWebWorld } from "./support/web-app.ts";

/** Files that no browser shows, as other programs write them: a telephone's picture, a camera's, a page and a film. */
async function foreignFiles(page: Page, directory: string): Promise<SampleFile[]> {
  const drawn = await drawnPictures(page);
  const [png, jpeg] = ["picture.png", "picture.jpeg"].map((name) => drawn.find((file) => file.name === name)?.buffer);
  assert.ok(png && jpeg);
  const [plain, phone, film] = ["plain.png", "phone.heic", "film.mkv"].map((name) => join(directory, name));
  assert.ok(plain !== undefined && phone !== undefined && film !== undefined);
  await writeFile(plain, png);
  execFileSync("heif-enc", [plain, "-o", phone], { stdio: "ignore" });
  const source = "testsrc=duration=1:size=640x360:rate=5";
  execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, film]);
  return [
    sample("camera.dng", cameraFile({ jpeg, width: 1200, height: 800 })),
    sample("film.mkv", await readFile(film)),
    sample("page.pdf", printedPages(1)),
    sample("phone.heic", await readFile(phone)),
  ];
}

const files = ["camera.dng", "film.mkv", "page.pdf", "phone.heic"];

/** The pictures that arrived there. */
async function arrived(place: Locator, count: number): Promise<void> {
  const pictures = place.locator("img[data-small-picture]");
  await pictures.nth(count - 1).waitFor();
  for (const picture of await pictures.all())
    await picture.evaluate((image: HTMLImageElement) => image.decode().catch(() => undefined));
}

async function seen(page: Page, name: string): Promise<void> {
  const picture = page.getByRole("dialog", { name, exact: true }).getByRole("img", { name });
  await picture.waitFor();
  const width = await picture.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return image.naturalWidth;
  });
  assert.ok(width > 256, `${name} is ${width} pixels wide`);
}

if (!goesWithout("media"))
  test("[W9] [W18] pictures of telephones, cameras, pages and films are seen in the list, the tiles, the preview, the versions, the trash and at a link", async (t) => {
    const world = await startWebWorld(t);
    const { commit, newId, root, link } = await world.api();
    const album = newId();
    await commit([{ op: "create_folder", id: album, parent_id: root, name: "album" }]);
    const page = await world.open({ at: "/files/album" });
    await pickFiles(page, await foreignFiles(page, world.directory));
    await page.getByText("4 of 4 files").waitFor();
    await page.getByRole("complementary", { name: "Uploads" }).getByRole("button", { name: "Close" }).click();
    await arrived(page.getByRole("grid"), 4);
    await keepPicture(page, "small-pictures-list");
    const before = await row(page, "phone.heic").boundingBox();
    await page.getByRole("button", { name: "Grid" }).click();
    await arrived(page.getByRole("grid"), 4);
    await expectAccessible(page, "tiles with pictures");
    await keepPicture(page, "small-pictures-grid");
    await page.getByRole("button", { name: "List", exact: true }).click();
    const isAsBefore = async () => isDeepStrictEqual(await row(page, "phone.heic").boundingBox(), before);
    await eventually(isAsBefore, { timeoutMs: 60_000, what: "the row where it was before" });

    await row(page, "camera.dng").click();
    await page.keyboard.press("Enter");
    for (const name of files) {
      if (name !== "page.pdf") await seen(page, name);
      if (name === "phone.heic") await keepPicture(page, "small-pictures-preview");
      else await page.keyboard.press("ArrowRight");
    }
    await page.keyboard.press("Escape");
    await row(page, "phone.heic").click();
    await page.keyboard.press("v");
    await arrived(page.getByRole("dialog"), 1);
    await page.keyboard.press("Escape");

    const guest = await openPage(t, world.browser);
    await guest.goto(await link({ entryId: album }));
    const shown = guest.locator(".files img");
    assert.equal(await shown.count(), 4);
    for (const image of await shown.all()) await image.evaluate((picture: HTMLImageElement) => picture.decode());
    await keepPicture(guest, "small-pictures-link");
    await expectAccessible(guest, "a link with pictures");
    await guest.getByRole("link", { name: "phone.heic", exact: true }).click();
    const large = guest.getByRole("img", { name: "phone.heic" });
    assert.equal(
      await large.evaluate(async (image: HTMLImageElement) => (await image.decode(), image.naturalWidth)),
      1024,
    );

    await row(page, "phone.heic").click();
    await page.keyboard.press("Delete");
    await page.getByRole("link", { name: "Trash" }).click();
    await arrived(page.getByRole("list", { name: "Deleted files" }), 1);
    await keepPicture(page, "small-pictures-trash");
  });
