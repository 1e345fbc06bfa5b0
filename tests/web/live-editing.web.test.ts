import assert from "node:assert/strict";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { EntryId } from "@satchel/protocol";
import type { Page } from "playwright-core";
import type { Device } from "../e2e/support/device.ts";
import { eventually } from "../e2e/support/eventually.ts";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture, openPage } from "./support/browser.ts";
import { expectFitting } from "./support/fitting.ts";
import { oneChunk } from "./support/one-chunk.ts";
import { row, signIn, startWebWorld, type TreeAccess } from "./support/web-app.ts";

const patienceMs = 180_000;
/** A little longer than what the editor takes back as one. */
const undoneAsOneMs = 600;

async function putText({ commit, newId }: TreeAccess, place: { parent: EntryId; name: string }, text: string) {
  const bytes = Buffer.from(text);
  const id = newId();
  const operation = { op: "create_file", id, parent_id: place.parent, name: place.name } as const;
  await commit([{ ...operation, content: oneChunk(bytes) }], [bytes]);
  return id;
}

async function openText(page: Page, name: string, edit: string): Promise<void> {
  await row(page, name).click({ button: "right" });
  await page.getByRole("menuitem", { name: edit }).click();
  await page.locator(".cm-content").waitFor();
}

/** What is in the editor of a page, without the names of others that stand in it. */
async function textIn(page: Page): Promise<string> {
  return await page.locator(".cm-content").evaluate((content) =>
    Array.from(content.querySelectorAll(".cm-line"), (line) => {
      const copy = line.cloneNode(true) as Element;
      for (const caret of copy.querySelectorAll(".cm-person-caret")) caret.remove();
      return copy.textContent;
    }).join("\n"),
  );
}

async function comesTo(what: string, look: () => Promise<boolean>): Promise<void> {
  await eventually(look, { timeoutMs: patienceMs, what, intervalMs: 100 });
}

async function status(page: Page, kind: string): Promise<void> {
  await page.locator(`[data-status=${kind}]`).waitFor({ timeout: patienceMs });
}

/** Types at the end of a line, from 0. */
async function typeInLine(page: Page, line: number, words: string): Promise<void> {
  await page.locator(".cm-line").nth(line).click();
  await page.keyboard.press("End");
  await page.keyboard.type(words, { delay: 20 });
}

/** Saves a text as editors do: into another file, which takes the place of the first. */
async function saveOver(device: Device, name: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(device.path(name), "utf8");
  const draft = join(device.home, `${name}.draft`);
  await writeFile(draft, change(text));
  await rename(draft, device.path(name));
}

function countOf(text: string, word: string): number {
  return text.split(word).length - 1;
}

test("[W33] [LV8] two browsers and a synced folder write one text: each word is there once, also after the server was gone, and undo takes back one's own", async (t) => {
  const world = await startWebWorld(t);
  const tree = await world.api();
  await putText(tree, { parent: tree.root, name: "notes.md" }, "first\nsecond\nthird\n");
  const device = await world.signInDevice();
  await device.start();
  await comesTo("the file is on the device", async () => (await readdir(device.folder)).includes("notes.md"));
  const pages = await Promise.all([world.open(), world.open({ theme: "dark" })]);
  const [ann, ben] = pages;
  for (const page of pages) await openText(page, "notes.md", "Edit");
  const words = ["ann-one", "ann-two", "ann-three", "ben-one", "ben-two", "ben-three", "desk-one", "desk-two"];
  const onDevice = async (): Promise<string> => await readFile(device.path("notes.md"), "utf8");
  const isEverywhere = async (expected: readonly string[]): Promise<boolean> => {
    const texts = await Promise.all([onDevice(), ...pages.map(textIn)]);
    return texts.every((text) => text === texts[0] && expected.every((word) => countOf(text, word) === 1));
  };
  const typing = [typeInLine(ann, 0, " ann-one ann-two ann-three"), typeInLine(ben, 1, " ben-one ben-two ben-three")];
  await saveOver(device, "notes.md", (text) => `${text}desk-one\n`);
  await Promise.all(typing);
  await comesTo("the save is in the session", async () => (await textIn(ann)).includes("desk-one"));
  await saveOver(device, "notes.md", (text) => `${text}desk-two\n`);
  await comesTo("all have every word once", () => isEverywhere(words));

  // What is typed within half a second is taken back as one.
  await sleep(undoneAsOneMs);
  await world.server.kill();
  for (const page of pages) await status(page, "offline");
  await typeInLine(ann, 0, " ann-offline");
  await typeInLine(ben, 1, " ben-offline");
  await world.server.restart();
  for (const page of pages) await status(page, "saved");
  const after = [...words, "ann-offline", "ben-offline"];
  await comesTo("all have every word once", () => isEverywhere(after));

  await ann.locator(".cm-content").press("Control+z");
  await comesTo("what ann typed last is gone", async () => countOf(await textIn(ben), "ann-offline") === 0);
  await comesTo("all have the rest", () => isEverywhere(after.filter((word) => word !== "ann-offline")));
  const files = (await readdir(device.folder)).filter((name) => !name.startsWith("."));
  assert.deepEqual(files, ["notes.md"]);
});

test("[W33] [W17] [W18] the editor can be used by keyboard and by screen readers, in both themes, on a phone and in German", async (t) => {
  const world = await startWebWorld(t);
  const tree = await world.api();
  await putText(tree, { parent: tree.root, name: "code.ts" }, 'const one = "1";\n');
  const page = await world.open();
  await row(page, "code.ts").click();
  await page.keyboard.press("e");
  await page.getByRole("textbox", { name: "Text of code.ts" }).waitFor();
  await page.locator(".hljs-keyword").waitFor();
  await typeInLine(page, 0, "\t// tab");
  await comesTo("Tab is a key like any other", async () => (await textIn(page)).startsWith('const one = "1";\t// tab'));

  const phone = await world.open({ width: 320, height: 640, theme: "dark", language: "de-DE" });
  await openText(phone, "code.ts", "Bearbeiten");
  await phone.getByRole("textbox", { name: "Text von code.ts" }).press("Control+a");
  await page.getByRole("list", { name: "Also here" }).getByText("ann", { exact: true }).waitFor({ state: "attached" });
  await page.locator(".cm-person-selection").first().waitFor();
  await status(page, "saved");
  await keepPicture(page, "edit-light");
  await expectAccessible(page, "editor");
  await phone.getByText("Gespeichert").waitFor();
  await keepPicture(phone, "edit-320");
  await expectFitting(phone);
  await expectAccessible(phone, "editor in the dark");

  await page.keyboard.press("Control+f");
  await page.getByRole("textbox", { name: "Find" }).waitFor();
  await expectAccessible(page, "finding");
  await page.keyboard.press("Escape");
  await page.getByRole("textbox", { name: "Find" }).waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await comesTo("Tab leads to a button", () => page.evaluate(() => document.activeElement?.tagName === "BUTTON"));
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("[W33] who may only view reads along, an editor types from the moment of becoming one, and what ends a session is said", async (t) => {
  const world = await startWebWorld(t);
  const tree = await world.api();
  const folder = tree.newId();
  await tree.commit([{ op: "create_folder", id: folder, parent_id: tree.root, name: "plans" }]);
  const owner = await world.open();
  const share = async (): Promise<void> => {
    await row(owner, "plans").click({ button: "right" });
    await owner.getByRole("menuitem", { name: "Share…" }).click();
  };
  const account = await world.server.addUser("eve");
  const eve = await openPage(t, world.browser);
  await eve.goto(`${world.server.url}/shared`);
  await signIn(eve, account);
  await share();
  await owner.getByLabel("User name or e-mail address").fill("eve");
  await owner.getByLabel("What they may do").selectOption("viewer");
  await owner.getByRole("button", { name: "Invite", exact: true }).click();
  await owner.getByRole("listitem").filter({ hasText: "eve" }).getByText("Invited").waitFor();
  await owner.keyboard.press("Escape");
  await eve.reload();
  await eve.getByRole("button", { name: "Accept plans" }).click();
  await eve.getByRole("button", { name: "Accept", exact: true }).click();
  await eve.getByRole("link", { name: "Open plans" }).click();

  const ann = await world.open({ at: "/files/plans" });
  await ann.getByRole("button", { name: "New", exact: true }).click();
  await ann.getByRole("menuitem", { name: "New text file" }).click();
  await ann.locator("#entry-name").fill("a.txt");
  await ann.keyboard.press("Enter");
  await openText(ann, "a.txt", "Edit");
  await openText(eve, "a.txt", "Read along");
  await status(eve, "readOnly");
  await typeInLine(ann, 0, "by ann");
  await comesTo("eve reads along", async () => (await textIn(eve)) === "by ann");
  await expectAccessible(eve, "reading along");

  await owner.reload();
  await share();
  await owner.getByLabel("What eve may do").selectOption("editor");
  await status(eve, "saved");
  await typeInLine(eve, 0, ", by eve");
  await comesTo("ann reads it", async () => (await textIn(ann)) === "by ann, by eve");
  await ann.getByRole("list", { name: "Also here" }).getByText("eve", { exact: true }).waitFor({ state: "attached" });
  await ann.locator(".cm-person-name").filter({ hasText: "eve" }).waitFor({ state: "attached" });
  await owner.getByRole("button", { name: "Remove eve" }).click();
  await owner.getByRole("button", { name: "Remove", exact: true }).click();
  // The editor says so, and the folder's page takes its place once it has noticed, too: whichever comes first.
  const ended = eve.getByText("This file is no longer here").or(eve.getByText("There is no such folder"));
  await ended.first().waitFor();
  await status(ann, "saved");
  await ann.getByRole("list", { name: "Also here" }).waitFor({ state: "detached" });
});
