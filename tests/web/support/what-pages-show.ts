import type { TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";

/** The most characters of a page's text: a screen, and not a list of thousands. */
const maxTextLength = 3000;

/** To the error of a test that failed, adds what its pages show: "a button wasn't there" tells nothing of what was. */
export async function tellWhatPagesShow(t: TestContext, browser: Browser): Promise<void> {
  const { cause } = (t.error ?? {}) as { cause?: unknown };
  if (!(cause instanceof Error)) return;
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const text = await textOf(page).catch(() => "(nothing that could be read)");
    cause.stack += `\n--- ${page.url()} shows:\n${text.slice(0, maxTextLength)}\n---`;
  }
}

async function textOf(page: Page): Promise<string> {
  return await page.locator("body").innerText({ timeout: 5000 });
}
