import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture } from "./support/browser.ts";
import { expectFitting } from "./support/fitting.ts";
import { oneChunk } from "./support/one-chunk.ts";
import { row, startWebWorld } from "./support/web-app.ts";

async function openText(page: Page, name: string, edit: string): Promise<Locator> {
  await row(page, name).click({ button: "right" });
  await page.getByRole("menuitem", { name: edit }).click();
  await page.locator(".cm-content").waitFor();
  return page.locator(".cm-commented");
}

async function selectLine(page: Page, line: number): Promise<void> {
  await page.locator(".cm-line").nth(line).click();
  await page.keyboard.press("End");
  await page.keyboard.press("Shift+Home");
}

test("[CM10] words are commented on in the editor, the comment stays with them, is answered and resolved, and shows beside the preview", async (t) => {
  const world = await startWebWorld(t);
  const tree = await world.api();
  const bytes = Buffer.from("first\nsecond\nthird\n");
  const operation = { op: "create_file", id: tree.newId(), parent_id: tree.root, name: "notes.md" } as const;
  await tree.commit([{ ...operation, content: oneChunk(bytes) }], [bytes]);
  const [ann, ben] = [await world.open(), await world.open({ theme: "dark" })];
  await openText(ann, "notes.md", "Edit");
  const marked = await openText(ben, "notes.md", "Edit");

  await selectLine(ann, 1);
  await ann.getByRole("button", { name: "Comments", exact: true }).click();
  const panel = ann.getByRole("complementary", { name: "Comments" });
  await panel.getByRole("button", { name: "Comment on the selected words" }).click();
  await panel.getByRole("textbox", { name: "Your comment" }).fill("Is it really the second?");
  await panel.getByRole("button", { name: "Comment", exact: true }).click();
  await panel.getByRole("button", { name: "Show “second” in the text" }).waitFor();
  await expectAccessible(ann, "comments beside a text");
  await keepPicture(ann, "comments-light");

  // Another page shows it at once, and it goes with the words.
  await marked.filter({ hasText: /^second$/ }).waitFor();
  await ben.locator(".cm-line").nth(1).click();
  await ben.keyboard.press("Home");
  await ben.keyboard.type("the ", { delay: 20 });
  // What was typed is there, and not among the words that are marked; ben's name may stand between.
  await ann
    .locator(".cm-line", { hasText: /the .*second/ })
    .locator(".cm-commented", { hasText: "second" })
    .waitFor();
  await ann.locator(".cm-commented", { hasNotText: "the" }).waitFor();
  await ben.getByRole("button", { name: "Comments: 1 open" }).click();
  const beside = ben.getByRole("complementary", { name: "Comments" });
  await beside.getByRole("button", { name: "Answer" }).click();
  await beside.getByRole("textbox", { name: "Your answer" }).fill("It is.");
  await beside.getByRole("button", { name: "Answer" }).click();
  await panel.getByText("It is.").waitFor();

  // Without its words, it is listed with them.
  await selectLine(ben, 1);
  await ben.keyboard.press("Delete");
  await panel.getByText("These words are no longer in the text").waitFor();
  await panel.getByRole("button", { name: "Resolve", exact: true }).click();
  await beside.getByRole("button", { name: "Show 1 that is resolved" }).click();
  await beside.getByText("Resolved by ann").waitFor();
  await beside.getByRole("button", { name: "Open again" }).click();
  await panel.getByRole("button", { name: "Resolve", exact: true }).waitFor();

  const phone = await world.open({ width: 320, height: 640, language: "de-DE" });
  await row(phone, "notes.md").click();
  await phone.keyboard.press("Space");
  await phone.getByRole("button", { name: "Kommentare: 1 offen" }).click();
  const list = phone.getByRole("complementary", { name: "Kommentare" });
  await list.getByText("Is it really the second?").waitFor();
  await expectFitting(phone);
  await expectAccessible(phone, "comments beside a preview on a phone");
  await list.getByRole("button", { name: "Löschen" }).first().click();
  await list.getByText("Dieser Kommentar wurde gelöscht.").waitFor();
  await panel.getByText("This comment was deleted.").waitFor();
});
