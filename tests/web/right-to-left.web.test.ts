import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture } from "./support/browser.ts";
import { expectFitting } from "./support/fitting.ts";
import { pickFiles, row, startWebWorld, textFile } from "./support/web-app.ts";

/** Latin letters that are the app's own: the name of the product, of other things, and what is typed. */
const sameEverywhere =
  /Satchel|English|Deutsch|PDF|JSON|WebDAV|WebSocket|SATCHEL_\w+|--public-url|\/dav\/|https?:\/\/[\w.:/-]*|Ctrl|Shift|Esc|Enter|F2|Space|Chromium|Linux|Chrome|QR|[\w@.-]+\.(?:txt|org)|127\.0\.0\.1|\bann\b|\b[A-Z?./+-]\b|satchel [\w .-]+/gi;

/** Whatever is in Latin letters was left untranslated. */
async function expectArabic(page: Page, screen: string): Promise<void> {
  const words = await page.locator("body").innerText();
  const labels = await page
    .locator("body [aria-label]")
    .evaluateAll((all) => all.map((element) => element.getAttribute("aria-label") ?? ""));
  const foreign =
    [words, ...labels]
      .join("\n")
      .replaceAll(sameEverywhere, "")
      .match(/[a-z]{3,}[a-z ]*/gi) ?? [];
  assert.deepEqual(foreign, [], screen);
}

test("[W19] in Arabic everything is said in Arabic and turned around, also its keys", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ language: "ar" });
  assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
  await page.getByText("هذا المجلد فارغ").waitFor();
  await pickFiles(page, [textFile("a.txt", "a"), textFile("b.txt", "b")], { upload: "رفع", files: "ملفات…" });
  await row(page, "b.txt").waitFor();
  // Two have a form of their own.
  await page.getByText("عنصران", { exact: true }).waitFor();
  const nav = await page.getByRole("navigation", { name: "القائمة الرئيسية" }).boundingBox();
  const main = await page.getByRole("main").boundingBox();
  assert.ok(nav && main && nav.x >= main.x + main.width, "the navigation is where reading begins");
  await expectArabic(page, "files");
  await keepPicture(page, "rtl-files");
  await page.getByRole("button", { name: "شبكة" }).click();
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
  await preview.waitFor({ state: "detached" });
});

/** Addresses, and how the titles of their pages begin. */
const screens = {
  search: "البحث",
  shared: "المشاركات",
  trash: "المهملات",
  activity: "النشاط",
  conflicts: "التعارضات",
  notices: "الإشعارات",
  "settings/profile": "الملف الشخصي",
  "settings/security": "تسجيل الدخول والأمان",
  "settings/devices": "الأجهزة",
  "settings/passwords": "كلمات مرور التطبيقات",
  "settings/storage": "المساحة",
  "settings/appearance": "المظهر",
  "settings/data": "بياناتك",
} as const;

test("[W19] [W17] [W18] every screen is in Arabic, fits a phone and is accessible", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ language: "ar", width: 320, height: 720 });
  for (const [at, title] of Object.entries(screens)) {
    // As a click in the app leads there; a reload of each would take its time.
    await page.evaluate((path) => history.pushState(null, "", `/${path}`), at);
    await page.waitForFunction((title) => document.title.startsWith(title), title);
    // Some screens have several parts that load.
    await page.getByText("جارٍ التحميل…").first().waitFor({ state: "detached" });
    await expectFitting(page);
    await expectArabic(page, at);
    await keepPicture(page, `rtl-${at.replace("/", "-")}-320`);
  }
  await expectAccessible(page, "settings in Arabic");
});
