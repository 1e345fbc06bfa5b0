import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { generate } from "otplib";
import { browserOrThrow, goesWithout } from "@satchel/testkit";
import { chromium, type Browser, type Page } from "playwright-core";
import { passwordOf, startTestServer, type TestServer } from "../test-server.fixture.ts";

if (!goesWithout("browser")) describe("the pages in a real browser", pagesInBrowser);

function pagesInBrowser(): void {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch({ executablePath: browserOrThrow(), args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser.close();
  });

  /** A page of the server as `localhost`, which browsers trust as they trust https; whatever the browser complains about fails the test. */
  async function openPage(server: TestServer, options: { width?: number; dark?: boolean; language?: string } = {}) {
    const context = await browser.newContext({
      baseURL: server.url.replace("127.0.0.1", "localhost"),
      viewport: { width: options.width ?? 1024, height: 800 },
      colorScheme: options.dark ? "dark" : "light",
      locale: options.language ?? "en",
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => void complaints.push(error.message));
    return { page, complaints, close: () => context.close() };
  }

  async function signIn(page: Page, user: string): Promise<void> {
    await page.goto("/sign-in");
    await page.getByLabel("User name or e-mail").fill(user);
    await page.getByLabel("Password", { exact: true }).fill(passwordOf(user));
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  /** A software authenticator that always finds its owner there. */
  async function addAuthenticator(page: Page): Promise<void> {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable");
    await session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
  }

  test("[ID24] a passkey is registered, signs in alone, is the second step, and can be the only way in", async (t) => {
    const server = await startTestServer(t);
    await server.signUp("ann");
    const { page, complaints, close } = await openPage(server);
    t.after(close);
    await addAuthenticator(page);
    await signIn(page, "ann");
    await page.getByLabel("Name of the passkey").fill("Laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
    assert.equal(await page.locator(".codes li").count(), 10);
    await page.getByRole("link", { name: "Back to your account" }).click();
    await page.getByText("Laptop").waitFor();

    await page.getByRole("button", { name: "Sign out" }).first().click();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("Signed in as ann").waitFor();

    await page.getByRole("button", { name: "Sign out" }).first().click();
    await signIn(page, "ann");
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByText("Signed in as ann").waitFor();

    await page.getByRole("link", { name: "Sign in by passkey only" }).click();
    await page.getByRole("button", { name: "Sign in by passkey only" }).click();
    await page.getByText("None: you sign in by passkey").waitFor();
    await page.locator("li", { hasText: "Laptop" }).getByRole("button", { name: "Remove" }).click();
    await page.getByText("Without it, nobody could sign in to this account.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).first().click();
    await signIn(page, "ann");
    await page.getByText("The name or password is wrong.").waitFor();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("Signed in as ann").waitFor();
    assert.deepEqual(complaints, []);
  });

  test("[ID24] a passkey of another account, or an answer that comes twice, opens nothing", async (t) => {
    const server = await startTestServer(t);
    await server.signUp("ann");
    await server.signUp("bob");
    const { page, close } = await openPage(server);
    t.after(close);
    await addAuthenticator(page);
    await signIn(page, "ann");
    await page.getByLabel("Name of the passkey").fill("Laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
    await page.goto("/account");
    await page.getByRole("button", { name: "Sign out" }).first().click();
    const answered = page.waitForRequest((request) => request.url().endsWith("/sign-in/passkey"));
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    const request = await answered;
    await page.getByText("Signed in as ann").waitFor();
    const again = await page.evaluate(async (body) => {
      const headers = { "content-type": "application/json" };
      return (await fetch("/sign-in/passkey", { method: "POST", headers, body })).status;
    }, request.postData() ?? "");
    assert.equal(again, 401);
    // As bob's second step, ann's passkey is nobody's.
    const { id, name } = await server.core.accounts.find("bob");
    const { secret } = await server.core.people.factors.totp.begin({ id, name }, "Satchel");
    const code = await generate({ secret, epoch: Math.floor(server.nowMs() / 1000) });
    assert.ok(await server.core.people.factors.confirmTotp(id, code));
    await page.getByRole("button", { name: "Sign out" }).first().click();
    await signIn(page, "bob");
    await page.getByRole("heading", { name: "One more step" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Use a passkey" }).count(), 0);
  });

  test("[ID52] every page is free of what axe finds, in the light and in the dark, from 320 pixels on, without scrolling sideways", async (t) => {
    const server = await startTestServer(t, { signUpPolicy: "open" });
    await server.signUp("ann");
    await server.signUp("ben");
    const both = ["/sign-up", "/account", "/account/app"];
    const paths = {
      320: [...both, "/reset", "/device", "/account/password", "/sign-in?again=1"],
      1440: [...both, "/confirm?secret=x", "/account/email", "/account/app-passwords"],
    };
    for (const width of [320, 1440] as const) {
      const dark = width === 320;
      const { page, complaints, close } = await openPage(server, { width, dark, language: dark ? "de" : "en" });
      await page.goto("/sign-in");
      await page.locator("#user").fill(dark ? "ann" : "ben");
      await page.locator("#password").fill(passwordOf(dark ? "ann" : "ben"));
      await page.locator("form[action='/sign-in'] button").click();
      for (const path of paths[width]) {
        await page.goto(path);
        const { violations } = await new AxeBuilder({ page }).analyze();
        assert.deepEqual(
          violations.map(({ id, nodes }) => [id, nodes[0]?.html]),
          [],
          `${path} at ${width}`,
        );
        const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");
        assert.ok(overflow <= 0, `${path} is ${overflow} pixels wider than ${width}`);
      }
      assert.deepEqual(complaints, []);
      await close();
    }
  });
}
