import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** axe finds no violation of WCAG 2.2 AA on what the page shows now. */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
  // Things that move in are judged when they have arrived, and those that fade when they have gone. The document doesn't tell of what moves in a shadow root.
  await page.waitForTimeout(300);
  await page.waitForFunction(() => {
    const shadows = Array.from(document.querySelectorAll("*"), ({ shadowRoot }) => shadowRoot ?? []).flat();
    return [document, ...shadows]
      .flatMap((root) => root.getAnimations())
      .every(({ playState, effect }) => playState !== "running" || effect?.getComputedTiming().endTime === Infinity);
  });
  const { violations, passes } = await new AxeBuilder({ page }).withTags(standards).analyze();
  assert.ok(passes.length > 5, `axe judged next to nothing on ${screen}`);
  const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  assert.deepEqual(faults, [], screen);
}
