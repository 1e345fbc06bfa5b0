import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { names } from "./web-app.ts";

/** Waits until the list has exactly these names, in this order. @throws with what it had in the end */
export async function expectNames(page: Page, expected: readonly string[]): Promise<void> {
  const last = expected.at(-1) ?? "";
  await page.locator("[data-entry]").filter({ hasText: last }).first().waitFor();
  const deadlineMs = performance.now() + 90_000;
  while (performance.now() < deadlineMs) {
    const found = await names(page);
    if (found.length === expected.length && found.every((name, index) => name === expected[index])) return;
    await page.waitForTimeout(50);
  }
  assert.deepEqual(await names(page), expected);
}

/** How many entries the list says are selected. */
export async function sizeOfSelection(page: Page): Promise<number> {
  return page.locator('[data-entry][aria-selected="true"]').count();
}
