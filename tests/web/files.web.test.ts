import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { goesWithout } from "@satchel/testkit";
import { promisify } from "node:util";
import { expectNames, sizeOfSelection } from "./support/expect.ts";
import { createFolder, names, pickFiles, row, startWebWorld, textFile } from "./support/web-app.ts";
import { keepPicture } from "./support/browser.ts";

test("[W1] the address is the folder: reload, back and deep links lead to the same place", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  for (const name of ["a b", "100% ü", "#c"]) {
    await createFolder(page, name);
    await row(page, name).dblclick();
    await page.getByRole("heading", { level: 1, name }).waitFor();
  }
  const deep = page.url();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "#c" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "100% ü" }).waitFor();
  await page.goto(deep);
  await page.getByRole("link", { name: "a b" }).click();
  await page.getByRole("heading", { level: 1, name: "a b" }).waitFor();
  await page.goto(`${world.server.url}/files/not/there`);
  await page.getByText("There is no such folder").waitFor();
});

test("[W1] sorting by each column, and list or grid, stay as they were chosen", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await pickFiles(page, [textFile("b 10.txt", "xx"), textFile("b 9.txt", "xxx"), textFile("a.txt", "x")]);
  await expectNames(page, ["a.txt", "b 9.txt", "b 10.txt"]);
  await page.getByRole("button", { name: "Size" }).click();
  await expectNames(page, ["a.txt", "b 10.txt", "b 9.txt"]);
  await page.getByRole("button", { name: "Size" }).click();
  await expectNames(page, ["b 9.txt", "b 10.txt", "a.txt"]);
  await page.getByRole("button", { name: "Grid" }).click();
  await page.reload();
  await page.getByRole("gridcell", { name: /a\.txt/ }).waitFor();
  await keepPicture(page, "grid");
  await page.getByRole("button", { name: "List" }).click();
  await expectNames(page, ["b 9.txt", "b 10.txt", "a.txt"]);
});

test("[W3] a folder tree arrives byte for byte, with its empty folders, and the panel tells how far it is", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  const tree = new Map<string, Buffer>();
  const source = join(world.directory, "source");
  for (let folder = 0; folder < 12; folder += 1) {
    await mkdir(join(source, `f${folder}`, "sub"), { recursive: true });
    for (let file = 0; file < 10; file += 1) {
      const path = `f${folder}/${file % 2 ? "sub/" : ""}${file}.bin`;
      const bytes = createHash("sha512").update(path).digest();
      tree.set(path, bytes);
      await writeFile(join(source, path), bytes);
    }
  }
  const big = Buffer.from(Array.from({ length: 9_000_000 }, (_, index) => index % 251));
  tree.set("big.bin", big);
  await writeFile(join(source, "big.bin"), big);
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload" }).click();
  await page.getByRole("menuitem", { name: "Folder…" }).click();
  await (await choosing).setFiles(source);
  await page.getByText("121 of 121 files").waitFor();
  const device = await world.signInDevice();
  await device.satchel(["sync", device.folder, "--once"], { timeoutMs: 120_000 });
  for (const [path, bytes] of tree)
    assert.ok(bytes.equals(await readFile(join(device.folder, "source", path))), `${path} differs`);
});

test("[W6] a taken name is asked about: replace makes a version, keep both a second name, skip nothing", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await pickFiles(page, [textFile("a.txt", "one"), textFile("b.txt", "one")]);
  await row(page, "b.txt").waitFor();
  await pickFiles(page, [textFile("a.txt", "two two")]);
  await page.getByRole("alertdialog").waitFor();
  await keepPicture(page, "clash");
  await page.getByRole("button", { name: "Replace" }).click();
  await row(page, "a.txt").getByText("7 bytes").waitFor();
  await pickFiles(page, [textFile("a.txt", "three"), textFile("b.txt", "three")]);
  await page.getByText("Do the same for all others").click();
  await page.getByRole("button", { name: "Keep both" }).click();
  await expectNames(page, ["a (2).txt", "a.txt", "b (2).txt", "b.txt"]);
  await pickFiles(page, [textFile("b.txt", "four")]);
  await page.getByRole("button", { name: "Skip" }).click();
  await row(page, "b.txt").getByText("3 bytes").waitFor();
});

test("[W7] selecting by clicks and by keys, moving by drag, cut and paste, and undo", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await createFolder(page, "target");
  await pickFiles(
    page,
    ["a", "b", "c", "d"].map((name) => textFile(`${name}.txt`, name)),
  );
  await expectNames(page, ["target", "a.txt", "b.txt", "c.txt", "d.txt"]);
  await row(page, "a.txt").click();
  await row(page, "c.txt").click({ modifiers: ["Shift"] });
  assert.equal(await sizeOfSelection(page), 3);
  await row(page, "a.txt").click();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  assert.equal(await sizeOfSelection(page), 3);

  await row(page, "a.txt").dragTo(row(page, "target"));
  await expectNames(page, ["target", "d.txt"]);
  await page.getByRole("button", { name: "Undo" }).first().click();
  await expectNames(page, ["target", "a.txt", "b.txt", "c.txt", "d.txt"]);

  await row(page, "b.txt").click();
  await page.keyboard.press("Control+x");
  await row(page, "target").dblclick();
  await page.getByText("This folder is empty").waitFor();
  await page.keyboard.press("Control+v");
  await expectNames(page, ["b.txt"]);
  await row(page, "b.txt").click();
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expectNames(page, ["b (2).txt", "b.txt"]);
  await row(page, "b.txt").click();
  await page.keyboard.press("Delete");
  await expectNames(page, ["b (2).txt"]);
  await page.keyboard.press("Control+z");
  await expectNames(page, ["b (2).txt", "b.txt"]);
});

test("[W10] what was deleted is in the trash, and comes back to where it was", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await createFolder(page, "docs");
  await row(page, "docs").dblclick();
  await pickFiles(page, [textFile("a.txt", "one")]);
  await row(page, "a.txt").waitFor();
  await page.locator("[role=grid]").focus();
  await page.keyboard.press("Backspace");
  await row(page, "docs").click();
  await page.keyboard.press("Delete");
  await page.getByText("This folder is empty").waitFor();
  await page.getByRole("link", { name: "Trash" }).click();
  await page.getByText("30 days left").first().waitFor();
  await keepPicture(page, "trash");
  await page.getByRole("button", { name: "Restore docs" }).click();
  await page.getByText("The trash is empty").waitFor();
  await page.getByRole("link", { name: "Files", exact: true }).click();
  await row(page, "docs").dblclick();
  await row(page, "a.txt").waitFor();
});

test("[W11] versions are listed, and an old one becomes the newest without losing any", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await pickFiles(page, [textFile("a.txt", "one")]);
  await row(page, "a.txt").waitFor();
  await pickFiles(page, [textFile("a.txt", "two two")]);
  await page.getByRole("button", { name: "Replace" }).click();
  await row(page, "a.txt").getByText("7 bytes").click();
  await page.keyboard.press("v");
  await page
    .getByRole("dialog", { name: /^Versions/ })
    .getByRole("listitem")
    .nth(1)
    .waitFor();
  await keepPicture(page, "versions");
  await page.getByRole("button", { name: /^Make the version of/ }).click();
  await page
    .getByRole("dialog", { name: /^Versions/ })
    .getByRole("listitem")
    .nth(2)
    .waitFor();
  await page.keyboard.press("Escape");
  await row(page, "a.txt").getByText("3 bytes").waitFor();
  const downloading = page.waitForEvent("download");
  await row(page, "a.txt").dblclick();
  await page.getByRole("dialog", { name: "a.txt", exact: true }).getByRole("button", { name: "Download" }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), "a.txt");
  assert.equal(await readFile(await download.path(), "utf8"), "one");
});

test("[W14] a change on a device shows within a second, and one in the browser reaches the device", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  const device = await world.signInDevice();
  await device.start();
  await page.getByText("Live").waitFor();
  await writeFile(join(device.folder, "warm up.txt"), "x");
  await row(page, "warm up.txt").waitFor();
  const started = performance.now();
  await writeFile(join(device.folder, "from the desktop.txt"), "hello");
  await row(page, "from the desktop.txt").waitFor();
  t.diagnostic(`a desktop file was seen in the browser after ${Math.round(performance.now() - started)} ms`);
  await pickFiles(page, [textFile("from the browser.txt", "hi")]);
  await row(page, "from the browser.txt").waitFor();
  await device.wait(30);
  assert.equal(await readFile(join(device.folder, "from the browser.txt"), "utf8"), "hi");
  assert.deepEqual(await names(page), ["from the browser.txt", "from the desktop.txt", "warm up.txt"]);
});

if (!goesWithout("archives"))
  test("[W23] several entries, or a folder, come as one zip file of their names and bytes", async (t) => {
    const world = await startWebWorld(t);
    const page = await world.open();
    await createFolder(page, "Büro");
    await row(page, "Büro").dblclick();
    await page.getByText("This folder is empty").waitFor();
    await pickFiles(page, [textFile("日本.txt", "in the folder")]);
    await row(page, "日本.txt").waitFor();
    await page.getByRole("link", { name: "Files", exact: true }).first().click();
    await pickFiles(page, [textFile("a.txt", "beside it")]);
    await expectNames(page, ["Büro", "a.txt"]);
    await page.locator("[role=grid]").focus();
    const archive = async (name: string): Promise<Record<string, string>> => {
      const downloading = page.waitForEvent("download");
      await page.locator("footer").getByRole("button", { name: "Download" }).click();
      const download = await downloading;
      assert.equal(download.suggestedFilename(), name);
      const script =
        "import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))";
      const { stdout } = await promisify(execFile)("python3", ["-c", script, await download.path()]);
      return JSON.parse(stdout) as Record<string, string>;
    };
    await page.keyboard.press("Control+a");
    const both = { "Büro/": "", "a.txt": "beside it", "Büro/日本.txt": "in the folder" };
    assert.deepEqual(await archive("Files.zip"), both);
    await row(page, "Büro").click();
    assert.deepEqual(await archive("Büro.zip"), { "Büro/": "", "Büro/日本.txt": "in the folder" });
  });
