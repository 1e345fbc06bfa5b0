// `npm run pictures`: makes the pictures of the README anew, in docs/images. `npm run pictures -- --look DIR`: every screen, at three widths and in both themes, for people to look at.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { startServer } from "../e2e/support/server.ts";
import { openBrowser, openPage } from "./support/browser.ts";
import { fillDemoAccount } from "./support/demo-account.ts";
import { screens, type Screen } from "./support/screens.ts";
import { openTree } from "./support/web-app.ts";

const { values } = parseArgs({
  options: {
    look: { type: "string" },
    language: { type: "string", default: "en-GB" },
    only: { type: "string", default: "" },
  },
  strict: false,
});
const themes = ["light", "dark"] as const;
const widths = [320, 768, 1440];
/** What moves in has arrived by then. */
const settleMs = 700;

await test("pictures", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "satchel-pictures-"));
  const browser = await openBrowser(t);
  const server = await startServer(directory);
  t.after(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });
  const page = await openPage(t, browser, { language: String(values.language) });
  await page.goto(server.url);
  await page.waitForURL("**/set-up");
  if (values.look) await takeAll(page, "set-up");
  await setUp(page);
  const account = { name: "anna", password: "a lake in october" };
  await fillDemoAccount(() => openTree(t, server.url, account, "Anna's laptop"), page);
  await server.addUser("ben");
  const wanted = screens.filter(
    ({ name, inReadme }) => name.includes(String(values.only)) && (inReadme === true || values.look !== undefined),
  );
  for (const screen of wanted) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(server.url + screen.at);
    await screen.prepare?.(page);
    await (values.look ? takeAll(page, screen.name) : takeForReadme(page, screen));
  }
});

async function setUp(page: Page): Promise<void> {
  await page.locator("input[name=name]").fill("anna");
  await page.locator("input[name=email]").fill("anna@example.org");
  await page.locator("input[name=password]").fill("a lake in october");
  await page.locator("input[name=password]").press("Enter");
  await page.waitForURL("**/welcome");
  await page.locator("#main").getByRole("heading").first().waitFor();
}

async function takeForReadme(page: Page, { name }: Screen): Promise<void> {
  await page.setViewportSize({ width: 1200, height: 750 });
  for (const theme of themes)
    await take(page, theme, new URL(`../../docs/images/${name}-${theme}.webp`, import.meta.url).pathname);
}

async function takeAll(page: Page, name: string): Promise<void> {
  const folder = String(values.look);
  await mkdir(folder, { recursive: true });
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 320 ? 640 : 860 });
    for (const theme of themes) await take(page, theme, join(folder, `${name}-${width}-${theme}.webp`));
  }
}

/** As WebP, which only the browser's own protocol offers: a fifth of a PNG. */
async function take(page: Page, theme: (typeof themes)[number], path: string): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForTimeout(settleMs);
  const browser = await page.context().newCDPSession(page);
  const { data } = await browser.send("Page.captureScreenshot", { format: "webp", quality: 82 });
  await browser.detach();
  await writeFile(path, Buffer.from(data, "base64"));
}
