import type { Page } from "playwright-core";
import type { TreeAccess, WebWorld } from "./web-app.ts";

/** As many as a commit takes. */
const perCommit = 1000;

/** Creates so many folders by the API, `n0`, `n1` and so on, which is what takes long otherwise. */
export async function fillFolder(world: Pick<WebWorld, "api">, count: number): Promise<void> {
  const tree = await world.api();
  for (let at = 0; at < count; at += perCommit) await tree.commit(folders(tree, at, Math.min(perCommit, count - at)));
}

function folders({ newId, root }: TreeAccess, from: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    op: "create_folder" as const,
    id: newId(),
    parent_id: root,
    name: `n${from + index}`,
  }));
}

/** From its next load on, the page remembers how long its tasks of over 50 ms took. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const long: number[] = [];
    Object.assign(globalThis, { longTasks: long });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) long.push(entry.duration);
    }).observe({ type: "longtask" });
  });
}

/** The longest task since the last time it was asked, in milliseconds; 0 where none took 50. */
export async function longestTask(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { longTasks } = globalThis as unknown as { longTasks: number[] };
    return Math.round(Math.max(0, ...longTasks.splice(0)));
  });
}
