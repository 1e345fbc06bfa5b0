import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { keepPicture } from "./support/browser.ts";
import { expectAccessible } from "./support/accessible.ts";
import { createFolder, row, signIn, startWebWorld } from "./support/web-app.ts";

test("[WB44] when another tab has signed in as another account, a tab stops, says so, and begins anew as that account", async (t) => {
  const world = await startWebWorld(t);
  const bob = await world.server.addUser("bob");
  const page = await world.open();
  const accounts = watchAccounts(page);
  await createFolder(page, "of ann");

  const other = await page.context().newPage();
  other.setDefaultTimeout(90_000);
  await page.context().clearCookies();
  await other.goto(`${world.server.url}/sign-in`);
  // As if this login had been lost: what comes next is another's.
  await other.evaluate("localStorage.clear()");
  await other.goto(`${world.server.url}/files`);
  await signIn(other, bob);
  await other.getByText("This folder is empty").waitFor();

  await page.getByRole("heading", { name: "Another account has signed in in this browser" }).waitFor();
  assert.equal(await row(page, "of ann").count(), 0);
  await keepPicture(page, "another-account");
  await expectAccessible(page, "another account");
  await createFolder(other, "of bob");
  assert.equal(accounts.size, 1, "the old page asks for nothing as the other account");
  await page.getByRole("button", { name: "Go on with that account" }).click();
  await row(page, "of bob").waitFor();
  assert.equal(await row(page, "of ann").count(), 0);
});

/** Whom the requests of a page are sent as. */
function watchAccounts(page: Page): ReadonlySet<string> {
  const accounts = new Set<string>();
  page.on("request", (request) => {
    const claims = request.headers()["authorization"]?.split(".")[1];
    if (claims === undefined) return;
    const { sub } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { readonly sub: string };
    accounts.add(sub);
  });
  return accounts;
}
