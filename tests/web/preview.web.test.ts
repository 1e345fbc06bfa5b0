import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture } from "./support/browser.ts";
import { drawnPictures, packedFolder, printedPages, recordedFilm, sample, tone } from "./support/samples.ts";
import { pickFiles, row, startWebWorld, type WebWorld } from "./support/web-app.ts";

function shown(page: Page, name: string): Locator {
  return page.getByRole("dialog", { name, exact: true });
}

async function look(page: Page, name: string): Promise<Locator> {
  await row(page, name).click();
  await page.keyboard.press("Space");
  await shown(page, name).waitFor();
  return shown(page, name);
}

async function upload(page: Page, files: Parameters<typeof pickFiles>[1] & readonly unknown[]): Promise<void> {
  await pickFiles(page, files);
  await page.getByText(`${files.length} of ${files.length} files`).waitFor();
  await page.getByRole("complementary", { name: "Uploads" }).getByRole("button", { name: "Close" }).click();
}

/** The address under which the browser got what an element shows. */
async function addressOf(element: Locator): Promise<string> {
  const src = await element.evaluate((shown: HTMLImageElement | HTMLAudioElement) => shown.src);
  assert.match(src, /disposition=inline/, "the address is not signed for showing");
  return src;
}

test("[W9] pictures of every kind are shown, the arrows lead from file to file, and Esc ends where they led to", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  const pictures = await drawnPictures(page);
  assert.ok(pictures.length >= 4, `only ${pictures.map(({ name }) => name).join(", ")}`);
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60"><style>rect{fill:#2a6f97}</style><rect width="90" height="60"/></svg>`;
  await upload(page, [...pictures, sample("picture.svg", drawing)]);
  const names = ["picture.gif", "picture.jpeg", "picture.png", "picture.svg", "picture.webp"];
  await look(page, "picture.gif");
  for (const [index, name] of names.entries()) {
    const picture = shown(page, name).getByRole("img", { name });
    await picture.waitFor();
    await page.waitForFunction(
      (element) => (element as HTMLImageElement).naturalWidth > 0,
      await picture.elementHandle(),
    );
    await shown(page, name)
      .getByText(`${index + 1} of 5`)
      .waitFor();
    if (name === "picture.png") await keepPicture(page, "preview-picture");
    await page.keyboard.press("ArrowRight");
  }
  await shown(page, "picture.webp").waitFor();
  await page.keyboard.press("ArrowLeft");
  await shown(page, "picture.svg").waitFor();
  const zoom = shown(page, "picture.svg").locator("output");
  await page.keyboard.press("+");
  assert.equal(await zoom.innerText(), "125%");
  await page.keyboard.press("0");
  assert.equal(await zoom.innerText(), "100%");
  await page.keyboard.press("Escape");
  await shown(page, "picture.svg").waitFor({ state: "detached" });
  await row(page, "picture.svg").and(page.locator("[aria-selected=true]")).waitFor();
  const downloading = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  await shown(page, "picture.svg").getByRole("button", { name: "Download" }).click();
  assert.equal((await downloading).suggestedFilename(), "picture.svg");
});

test("[W9] sound and films play, and are fetched from where they are played", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await upload(page, [sample("long.wav", tone(600)), await recordedFilm(page)]);
  const ranges: string[] = [];
  page.on("response", (answer) => {
    if (answer.status() === 206) ranges.push(answer.headers()["content-range"] ?? "");
  });
  const sound = (await look(page, "long.wav")).locator("audio");
  const url = await addressOf(sound);
  const seconds = await sound.evaluate(async (player: HTMLAudioElement) => {
    if (player.readyState === 0) await new Promise((resolve) => player.addEventListener("loadedmetadata", resolve));
    player.currentTime = 590;
    await new Promise((resolve) => player.addEventListener("seeked", resolve));
    return [player.duration, player.currentTime];
  });
  assert.deepEqual(seconds, [600, 590]);
  assert.ok(ranges.length > 0, "nothing was asked for in parts");
  await keepPicture(page, "preview-sound");
  const part = await fetch(url, { headers: { range: "bytes=9440044-9440047" } });
  assert.deepEqual([part.status, part.headers.get("content-type")], [206, "audio/wav"]);
  await page.keyboard.press("Escape");
  const film = (await look(page, "film.webm")).locator("video");
  await page.waitForFunction((player) => (player as HTMLVideoElement).videoWidth === 320, await film.elementHandle());
  await keepPicture(page, "preview-film");
});

test("[W9] [W18] documents are shown: pages, Markdown, code, tables, text and what is in archives", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ theme: "dark" });
  const markdown = [
    "# Plan",
    "Some **strong** words, a [link](https://example.org) and `code`.",
    "- [x] done\n- [ ] to do",
    "| a | b |\n|---|--:|\n| 1 | 2 |",
    "```ts\nconst answer: number = 42;\n```",
  ];
  await upload(page, [
    sample("a.pdf", printedPages(3)),
    sample("b.md", markdown.join("\n\n")),
    sample("c.ts", 'export const greeting: string = "hello";\n// a comment\n'),
    sample("d.csv", 'name,size\n"Doe, Ann",12\nBob,7\n'),
    sample("e", "plain text without an extension"),
    sample("f.tar.gz", packedFolder()),
  ]);
  const paper = await look(page, "a.pdf");
  await paper.getByText("Page number 1").waitFor();
  assert.ok(await hasInk(paper.locator("canvas").first()), "the page is blank");
  await keepPicture(page, "preview-pdf");
  await expectAccessible(page, "preview-pdf");
  await page.keyboard.press("ArrowRight");
  const text = shown(page, "b.md");
  await text.getByRole("heading", { name: "Plan" }).waitFor();
  assert.equal(await text.getByRole("link", { name: "link" }).getAttribute("rel"), "noopener noreferrer nofollow");
  assert.ok(await text.getByRole("checkbox", { name: "done" }).isChecked());
  await text.locator("pre .hljs-keyword").getByText("const").waitFor();
  await keepPicture(page, "preview-markdown");
  await expectAccessible(page, "preview-markdown");
  await page.keyboard.press("ArrowRight");
  await shown(page, "c.ts").locator(".hljs-string").getByText('"hello"').waitFor();
  await keepPicture(page, "preview-code");
  await expectAccessible(page, "preview-code");
  await page.keyboard.press("ArrowRight");
  await shown(page, "d.csv").getByRole("cell", { name: "Doe, Ann" }).waitFor();
  await keepPicture(page, "preview-table");
  await page.keyboard.press("ArrowRight");
  await shown(page, "e").getByText("plain text without an extension").waitFor();
  await page.keyboard.press("ArrowRight");
  await shown(page, "f.tar.gz").getByText("a.txt").waitFor();
  await shown(page, "f.tar.gz").getByText("2 items in this archive").waitFor();
  await keepPicture(page, "preview-archive");
  await expectAccessible(page, "preview-archive");
});

async function hasInk(canvas: Locator): Promise<boolean> {
  const deadlineMs = performance.now() + 10_000;
  const look = (): Promise<boolean> =>
    canvas.evaluate((surface: HTMLCanvasElement) => {
      const pixels = surface.getContext("2d")?.getImageData(0, 0, surface.width, surface.height).data ?? [];
      return pixels.some((value, index) => index % 4 === 0 && value < 100 && (pixels[index + 3] ?? 0) > 200);
    });
  while (performance.now() < deadlineMs) if (await look()) return true;
  return false;
}

test("[W9] what can't be shown says why, and offers the download", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await upload(page, [
    sample("a.heic", "no browser reads this"),
    sample("b.exe", "MZ"),
    sample("c.jpg", "this is no picture"),
    sample("d.zip", "this is no archive"),
    sample("e.dat", Buffer.from([1, 0, 2, 0])),
    sample("f.txt", ""),
    sample("g.pdf", "this is no document"),
  ]);
  const titles = [
    ["a.heic", "No preview"],
    ["b.exe", "No preview"],
    ["c.jpg", "This file can't be shown"],
    ["d.zip", "This file can't be shown"],
    ["e.dat", "No preview"],
    ["f.txt", "This file is empty"],
    ["g.pdf", "This file can't be shown"],
  ] as const;
  await look(page, "a.heic");
  for (const [name, title] of titles) {
    await shown(page, name).getByRole("heading", { name: title, exact: true }).waitFor();
    if (name === "a.heic") await keepPicture(page, "preview-none");
    await page.keyboard.press("ArrowRight");
  }
  await page.keyboard.press("Escape");
  await page.context().setOffline(true);
  await look(page, "c.jpg");
  await shown(page, "c.jpg").getByRole("heading", { name: "You are offline" }).waitFor();
  await page.context().setOffline(false);
  await shown(page, "c.jpg").getByRole("button", { name: "Try again" }).click();
  await shown(page, "c.jpg").getByRole("heading", { name: "This file can't be shown" }).waitFor();
});

test("[W11] [W18] any two versions can be compared: texts by lines and words, pictures by wiping", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  const text = (word: string): string => `first\nthe ${word} line\nlast\n`;
  const drawing = (colour: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60"><rect width="90" height="60" fill="${colour}"/></svg>`;
  await upload(page, [sample("a.txt", text("old")), sample("b.svg", drawing("#c8743f"))]);
  for (const file of [sample("a.txt", text("new")), sample("b.svg", drawing("#2a6f97"))]) {
    await pickFiles(page, [file]);
    await page.getByRole("button", { name: "Replace" }).click();
    await row(page, file.name).click();
    await page.keyboard.press("v");
    const dialog = page.getByRole("dialog", { name: `Versions of ${file.name}` });
    await dialog.getByRole("button", { name: /^Compare the version of/ }).click();
    if (file.name === "a.txt") {
      await dialog.locator("tr[data-kind=removed] mark").getByText("old", { exact: true }).waitFor();
      await dialog.locator("tr[data-kind=added] mark").getByText("new", { exact: true }).waitFor();
    } else {
      await dialog.getByRole("img", { name: "After" }).waitFor();
      await dialog.getByRole("slider").fill("30");
    }
    await keepPicture(page, `compare-${file.name}`);
    await expectAccessible(page, `comparison of ${file.name}`);
    if (file.name === "a.txt") {
      const before = dialog.getByLabel("Before");
      await before.selectOption({ index: 0 });
      await dialog.getByText("The texts are the same").waitFor();
    } else await dialog.getByRole("button", { name: "Side by side" }).click();
    await dialog.getByRole("button", { name: "All versions" }).click();
    await dialog.getByRole("listitem").nth(1).waitFor();
    await page.keyboard.press("Escape");
  }
});

const attack = "globalThis.attacked = true; parent.attacked = true; document.title = 'attacked'; fetch('/v1/account');";
const hostileFiles = {
  "attack.svg": `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60" onload="${attack}"><script>${attack}</script><foreignObject width="90" height="60"><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="${attack}"/></body></foreignObject><rect width="90" height="60"/></svg>`,
  "attack.html": `<!doctype html><title>page</title><script>${attack}</script><img src=x onerror="${attack}">`,
  "attack.md": `<script>${attack}</script>\n\n<img src=x onerror="${attack}">\n\n[click](javascript:${encodeURIComponent(attack)}) ![x](javascript:alert(1)) <a href="javascript:${attack}">b</a>`,
  "attack.csv": `=cmd|' /C calc'!A0,<script>${attack}</script>\n<img src=x onerror="${attack}">,b\n`,
} as const;

test("[W9] nothing in a file runs on the app's origin, however it is opened", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open();
  await upload(
    page,
    Object.entries(hostileFiles).map(([name, content]) => sample(name, content)),
  );
  await look(page, "attack.csv");
  for (const name of ["attack.csv", "attack.html", "attack.md", "attack.svg"]) {
    const dialog = shown(page, name);
    if (name === "attack.svg") await dialog.getByRole("img", { name }).waitFor();
    else await dialog.getByText("attacked").first().waitFor();
    assert.equal(await dialog.locator("script, iframe, object, embed, a[href^='javascript' i]").count(), 0, name);
    await page.keyboard.press("ArrowRight");
  }
  const address = await addressOf(shown(page, "attack.svg").getByRole("img", { name: "attack.svg" }));
  assert.equal(await page.evaluate(() => "attacked" in globalThis), false);
  assert.doesNotMatch(await page.title(), /attacked/);
  await expectDeadDocument(world, t, address);
});

/** A drawing that is opened by itself, as a document of the app's own address. */
async function expectDeadDocument(world: WebWorld, t: Parameters<typeof startWebWorld>[0], address: string) {
  const alone = await world.browser.newContext();
  t.after(() => alone.close());
  const page = await alone.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const answer = await page.goto(address);
  assert.ok(answer);
  assert.equal(answer.headers()["content-type"], "image/svg+xml");
  await page.locator("rect").waitFor();
  assert.equal(await page.evaluate(() => globalThis.origin), "null", "the document has the app's origin");
  assert.equal(await page.evaluate(() => "attacked" in globalThis), false);
  assert.ok(!asked.some((url) => url.endsWith("/v1/account")), "the document sent a request");
  assert.equal(answer.headers()["x-frame-options"], "DENY");
  assert.match(answer.headers()["content-security-policy"] ?? "", /frame-ancestors 'none'.*sandbox$/);
}
