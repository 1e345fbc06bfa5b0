import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import { openFaultProxy, type FaultProxy } from "../e2e/support/fault-proxy.ts";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture, openPage } from "./support/browser.ts";
import { pickFiles, row, signIn, startWebWorld, type WebWorld } from "./support/web-app.ts";
import { expectWholeOnDevice } from "./support/whole-on-device.ts";

const fileBytes = 200_000_000;
/** The first half, with what is around the bytes. */
const halfBytes = fileBytes / 2;
/** What may be sent in all. */
const maxSentBytes = fileBytes * 1.1;
const patienceMs = 180_000;

interface Journey {
  readonly world: WebWorld;
  readonly proxy: FaultProxy;
  readonly page: Page;
  readonly path: string;
  readonly sha256: string;
}

/** A page behind a network that counts and can be cut, and a large file on the disk. */
async function begin(t: TestContext): Promise<Journey> {
  const world = await startWebWorld(t);
  const proxy = await openFaultProxy(world.server.port);
  t.after(() => proxy[Symbol.asyncDispose]());
  const path = join(world.directory, "large.bin");
  const sha256 = await writeNoise(path);
  const page = await openPage(t, world.browser);
  // Whoever leaves with uploads under way is asked, and says yes.
  page.on("dialog", (dialog) => {
    dialog.accept().catch(() => undefined);
  });
  await page.goto(proxy.url);
  await signIn(page, world.account);
  return { world, proxy, page, path, sha256 };
}

/** Bytes that don't repeat: each block is the hash of its number, over and over. */
async function writeNoise(path: string): Promise<string> {
  const file = await open(path, "w");
  const whole = createHash("sha256");
  const piece = Buffer.alloc(1_000_000);
  for (let at = 0; at < fileBytes; at += piece.length) {
    createHash("shake256", { outputLength: piece.length }).update(String(at)).digest().copy(piece);
    whole.update(piece);
    await file.write(piece);
  }
  await file.close();
  return whole.digest("hex");
}

async function untilSent(page: Page, proxy: FaultProxy, bytes: number): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (proxy.sentBytes() < bytes) {
    assert.ok(performance.now() < deadlineMs, `only ${proxy.sentBytes()} bytes were sent`);
    await page.waitForTimeout(20);
  }
}

async function expectFinished(t: TestContext, { world, proxy, page, sha256 }: Journey): Promise<void> {
  await page.getByText("1 of 1 file").waitFor({ timeout: patienceMs });
  await row(page, "large.bin").waitFor();
  const sent = proxy.sentBytes();
  t.diagnostic(`${sent} bytes were sent for ${fileBytes}`);
  assert.ok(sent < maxSentBytes, `${sent} bytes`);
  await expectWholeOnDevice(world, "large.bin", sha256);
}

test("[W4] a network that goes away at half of an upload holds it up, and costs hardly a byte", async (t) => {
  const journey = await begin(t);
  const { page, proxy, path } = journey;
  await pickFiles(page, path);
  await untilSent(page, proxy, halfBytes);
  proxy.cut();
  await page.context().setOffline(true);
  const panel = page.getByRole("complementary", { name: "Uploads" });
  await panel.getByText("Waiting", { exact: true }).waitFor();
  await panel.getByText("The upload goes on by itself").waitFor();
  await keepPicture(page, "upload-waiting");
  proxy.heal();
  await page.context().setOffline(false);
  await expectFinished(t, journey);
});

test("[W4] paused, an upload sends nothing, and resumed only what is missing", async (t) => {
  const journey = await begin(t);
  const { page, proxy, path } = journey;
  await pickFiles(page, path);
  await untilSent(page, proxy, halfBytes);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("Paused").waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await expectFinished(t, journey);
});

test("[W5] after a reload at half the panel offers to continue, and the file is picked once more where the browser gives no handle", async (t) => {
  const journey = await begin(t);
  const { page, proxy, path } = journey;
  await pickFiles(page, path);
  await untilSent(page, proxy, halfBytes);
  await page.reload();
  await page.getByText("An upload was interrupted").waitFor();
  await keepPicture(page, "upload-left");
  await expectAccessible(page, "an interrupted upload");
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose the files…" }).click();
  await (await choosing).setFiles(path);
  await expectFinished(t, journey);
  await page.reload();
  await row(page, "large.bin").waitFor();
  assert.equal(await page.getByText("An upload was interrupted").count(), 0);
});

test("[W5] with a handle one click continues after a reload, and nothing is picked again", async (t) => {
  const journey = await begin(t);
  const { page, proxy, path } = journey;
  await storeInBrowser(page, path);
  await pickHandle(page);
  await page.getByRole("button", { name: "Upload" }).click();
  await page.getByRole("menuitem", { name: "Files…" }).click();
  await untilSent(page, proxy, halfBytes);
  await page.reload();
  await page.getByText("An upload was interrupted").waitFor();
  await page.getByRole("button", { name: "Continue" }).click();
  await expectFinished(t, journey);
});

/** Puts a file into the browser's own file system, whose handles are like those of the disk and ask for nothing. */
async function storeInBrowser(page: Page, path: string): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.id = "to-store";
    document.body.append(input);
  });
  await page.locator("#to-store").setInputFiles(path);
  await page.evaluate(async () => {
    const input = document.querySelector<HTMLInputElement>("#to-store");
    const file = input?.files?.[0];
    const root = await navigator.storage.getDirectory();
    const writing = await (await root.getFileHandle("large.bin", { create: true })).createWritable();
    await file?.stream().pipeTo(writing);
    input?.remove();
  });
}

/** The system's dialog can't be operated by a test: it gives the browser's own file. */
async function pickHandle(page: Page): Promise<void> {
  await page.evaluate(() => {
    const showOpenFilePicker = async (): Promise<FileSystemFileHandle[]> => {
      const root = await navigator.storage.getDirectory();
      return [await root.getFileHandle("large.bin")];
    };
    Object.assign(globalThis, { showOpenFilePicker });
  });
}
