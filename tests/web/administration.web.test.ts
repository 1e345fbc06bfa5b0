import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Page } from "playwright-core";
import { satchel } from "../e2e/support/satchel-command.ts";
import { startServer } from "../e2e/support/server.ts";
import { expectAccessible } from "./support/accessible.ts";
import { keepPicture, openBrowser, openPage, type PageOptions } from "./support/browser.ts";
import { expectFitting } from "./support/fitting.ts";
import { startWebWorld } from "./support/web-app.ts";

/** A new server, set up in a browser, whose administrator is signed in. */
async function setUp(t: TestContext, options: PageOptions = {}) {
  const directory = await mkdtemp(join(tmpdir(), "satchel-web-"));
  const server = await startServer(directory);
  t.after(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });
  const page = await openPage(t, await openBrowser(t), options);
  await page.goto(server.url);
  await page.waitForURL("**/set-up");
  await keepPicture(page, `set-up-${options.theme ?? "light"}`);
  await expectAccessible(page, "set-up");
  await page.locator("input[name=name]").fill("root");
  await page.locator("input[name=email]").fill("root@example.org");
  await page.locator("input[name=password]").fill("correct horse root");
  await page.locator("input[name=password]").press("Enter");
  await page.waitForURL("**/welcome");
  return { server, directory, page };
}

test("[W21] a new server is set up in the browser: its administrator, a look at the way, the command that adds a device", async (t) => {
  const { server, directory, page } = await setUp(t);
  await page.getByText("A WebSocket is open").waitFor();
  await page.getByText("Bodies of 16.8 MB get through").waitFor();
  const command = await page.getByLabel("Command").inputValue();
  await expectAccessible(page, "welcome");
  await keepPicture(page, "welcome");
  const home = join(directory, "laptop");
  await satchel([...command.split(" ").slice(1), join(directory, "folder"), "--background"], { home });
  await satchel(["stop"], { home });
  await page.goto(`${server.url}/settings/devices`);
  await page.getByRole("list", { name: "Devices and programs" }).getByRole("listitem").nth(1).waitFor();
  const again = await fetch(`${server.url}/set-up`, { redirect: "manual" });
  assert.equal(again.headers.get("location"), "/sign-in");
});

const sections = [
  ["accounts", "root@example.org"],
  ["invitations", "No invitation is open."],
  ["server", "On the disk"],
  ["jobs", "Nothing waits"],
  ["quarantine", "No malware was found."],
  ["audit", "from 127.0.0.1"],
  ["settings", "SATCHEL_LISTEN"],
  ["way", "Large requests"],
] as const;

async function walk(page: Page, url: string, look: (name: string) => Promise<void>): Promise<void> {
  for (const [name, words] of sections) {
    await page.goto(`${url}/admin/${name}`);
    await page.getByRole("main").getByText(words).first().waitFor();
    await look(name);
  }
}

for (const theme of ["light", "dark"] as const) {
  test(`[W21] [W18] axe finds nothing in the administration, ${theme}`, async (t) => {
    const { server, page } = await setUp(t, { theme });
    await walk(page, server.url, async (name) => {
      await keepPicture(page, `admin-${name}-${theme}`);
      await expectAccessible(page, name);
    });
    await page.setViewportSize({ width: 320, height: 720 });
    for (const name of ["accounts", "settings", "audit"]) {
      await page.goto(`${server.url}/admin/${name}`);
      await page.getByRole("heading", { level: 2 }).first().waitFor();
      await expectFitting(page);
    }
  });
}

test("[W21] an administrator invites, limits, disables and lets in again; the log has it all", async (t) => {
  const { server, page } = await setUp(t);
  const ann = await server.addUser("ann");
  await page.goto(`${server.url}/admin/invitations`);
  await page.getByLabel("E-mail address (optional)").fill("bob@example.org");
  await page.getByRole("button", { name: "Make the invitation" }).click();
  assert.match(await page.getByLabel("Invitation", { exact: true }).inputValue(), /\/sign-up\?secret=/);
  await page.getByText("bob@example.org").waitFor();
  await page.getByRole("link", { name: "Accounts" }).click();
  const command = async (words: string): Promise<void> => {
    await page.getByRole("button", { name: "Actions for ann" }).click();
    await page.getByRole("menuitem", { name: words }).click();
  };
  await command("Limit of storage…");
  await page.getByLabel("Gigabytes; empty for no limit").fill("5");
  await page.getByRole("button", { name: "Set the limit" }).click();
  await page.getByText("0 bytes of 5 GB used").waitFor();
  await command("Disable");
  await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
  await page.getByText("Disabled", { exact: true }).waitFor();
  const signIn = () =>
    fetch(`${server.url}/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user: ann.name, password: ann.password, device_name: "test" }),
    });
  assert.equal((await signIn()).status, 401);
  await command("Enable");
  await page.getByText("Disabled", { exact: true }).waitFor({ state: "detached" });
  assert.equal((await signIn()).status, 200);
  await command("Reset sign-in…");
  await page.getByRole("button", { name: "Make the link" }).click();
  assert.match(await page.getByLabel("Link for ann").inputValue(), /\/reset\?secret=/);
  await page.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("link", { name: "Audit log" }).click();
  const enabled = page.getByRole("listitem").filter({ hasText: "Account enabled" });
  await enabled.waitFor();
  await page.getByLabel("Action").selectOption("quota_changed");
  await enabled.waitFor({ state: "detached" });
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as JSON lines" }).click();
  assert.equal((await downloading).suggestedFilename(), "satchel-audit.jsonl");
});

test("[W21] for others there is no administration", async (t) => {
  const world = await startWebWorld(t);
  const page = await world.open({ at: "/admin/accounts" });
  await page.getByText("There is no such page").waitFor();
  await page.goto(`${world.server.url}/settings/profile`);
  await page.getByText("Person with an account").waitFor();
  assert.equal(await page.getByRole("link", { name: "Administration" }).count(), 0);
});
