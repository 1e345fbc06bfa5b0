import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { browserOrThrow } from "@satchel/testkit";
import { chromium, type Browser, type Page } from "playwright-core";
import { tellWhatPagesShow } from "./what-pages-show.ts";

/** A test waits this long for what should be there at once: machines that run tests are busy. */
const patienceMs = 90_000;

/** A browser of its own, closed at the test's end. */
export async function openBrowser(t: TestContext): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: browserOrThrow(),
    args: ["--no-sandbox"],
    // Where a machine's language is C, Chromium calls every download with a letter beyond ASCII "download".
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });
  t.after(async () => {
    await tellWhatPagesShow(t, browser);
    await browser.close();
  });
  return browser;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  readonly language?: string;
}

/** A page in a profile of its own. A script error or a breach of the content security policy fails the test. */
export async function openPage(t: TestContext, browser: Browser, options: PageOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    colorScheme: options.theme ?? "light",
    locale: options.language ?? "en-GB",
    acceptDownloads: true,
  });
  // A driver can operate the picker of an input only, which other browsers have anyway.
  await context.addInitScript("delete globalThis.showOpenFilePicker");
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    if (/Content Security Policy|Uncaught/i.test(message.text())) faults.push(message.text());
  });
  t.after(async () => {
    await context.close();
    if (faults.length > 0) throw new Error(`the page had faults:\n${faults.join("\n")}`);
  });
  return page;
}

/** Keeps a picture where SATCHEL_SCREENSHOTS says, for people to look at; without it, none is made. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env["SATCHEL_SCREENSHOTS"];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
