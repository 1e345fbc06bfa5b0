import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { browserOrThrow, goesWithout, temporaryDirectory } from "@satchel/testkit";
import { chromium, type Browser, type Page } from "playwright-core";
import { startChild } from "./support/child.ts";
import { runSatchel, satchel, satchelCommand, satchelEnvironment } from "./support/satchel-command.ts";
import { startServer, type Account, type RunningServer } from "./support/server.ts";

const TIMEOUT_MS = 120_000;

if (!goesWithout("browser")) suite("signing in from the command line", signingIn);

function signingIn(): void {
  const resources = new AsyncDisposableStack();
  let directory: string;
  let server: RunningServer;
  let ann: Account;
  let browser: Browser;

  before(async () => {
    directory = resources.use(await temporaryDirectory("sign-in")).path;
    server = resources.use(await startServer(directory));
    ann = await server.addUser("ann");
    browser = resources.adopt(
      await chromium.launch({ executablePath: browserOrThrow(), args: ["--no-sandbox"] }),
      (one) => one.close(),
    );
  });
  after(async () => await resources.disposeAsync());

  async function fillIn(page: Page): Promise<void> {
    await page.getByLabel("User name or e-mail").fill(ann.name);
    await page.getByLabel("Password", { exact: true }).fill(ann.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  test("[CL12] without --user it shows an address and a code; confirmed in a browser, the device is signed in until it is signed out there", async () => {
    const home = join(directory, "by-browser");
    const child = await startChild({
      command: satchelCommand("login", server.url, "--device", "Study"),
      logPath: join(directory, "login.log"),
      environment: satchelEnvironment(home),
    });
    const shown = await child.waitForOutput(/(http\S+\/device\?code=(\S{4}-\S{4}))/, TIMEOUT_MS);
    const [, address = "", code = ""] = shown;
    const page = await browser.newPage({ locale: "en" });
    await page.goto(address);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText(code).waitFor();
    await page.getByText("“Study”").waitFor();
    await page.getByRole("button", { name: "Yes, connect it" }).click();
    await fillIn(page);
    await page.getByRole("heading", { name: "Connected" }).waitFor();
    const { code: exit } = await child.exited;
    assert.equal(exit, 0, child.output());
    assert.equal(await satchel(["ls", "--json"], { home }), "[]\n");
    const { user, deviceName } = JSON.parse(await readFile(join(home, "login.json"), "utf8")) as Record<string, string>;
    assert.deepEqual([user, deviceName], ["ann", "Study"]);
    await page.goto(`${server.url}/account`);
    await page.locator("li", { hasText: "Study" }).getByRole("button", { name: "Sign out" }).click();
    await page.getByText("None yet.").first().waitFor();
    assert.equal((await runSatchel(["ls"], { home })).code, 3);
    await page.close();
  });

  test("[CL12] with a second factor, a password alone is refused, and --otp lets the device in", async () => {
    const page = await browser.newPage({ locale: "en" });
    await page.goto(`${server.url}/account/app`);
    await fillIn(page);
    const secret = (await page.locator(".secret").innerText()).replaceAll(" ", "");
    await page.getByRole("textbox", { name: "Code" }).fill(oneTimeCode(secret, 0));
    await page.getByRole("button", { name: "Continue" }).click();
    const [recovery = ""] = await page.locator(".codes li").allInnerTexts();
    await page.close();
    const home = join(directory, "by-password");
    const words = ["login", server.url, "--user", ann.name, "--password-stdin"];
    const alone = await runSatchel(words, { home, input: ann.password });
    assert.deepEqual([alone.code, alone.stderr], [1, "This account has a second factor: add --otp CODE.\n"]);
    // The code of now was used above; the next one is taken already.
    await satchel([...words, "--otp", oneTimeCode(secret, 1)], { home, input: ann.password });
    assert.equal(await satchel(["ls", "--json"], { home }), "[]\n");
    await satchel(["logout"], { home });
    assert.equal((await runSatchel(["ls"], { home })).code, 3);
    await satchel([...words, "--otp", recovery], { home, input: ann.password });
  });
}

/** RFC 6238, as an authenticator app does it; `ahead` periods later than now. */
function oneTimeCode(secret: string, ahead: number): string {
  const bits = secret
    .split("")
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  const bytes =
    bits
      .join("")
      .match(/.{8}/g)
      ?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const digest = createHmac("sha1", Buffer.from(bytes)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
