import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/** Nothing is wider than the screen, and what is touched is at least 24 pixels wide and high. */
export async function expectFitting(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0);
  const small = await page.locator("button:visible, a:visible").evaluateAll((elements) =>
    elements
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.bottom > 0 && (box.width < 24 || box.height < 24))
      .map(({ element }) => element.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(small, []);
}
