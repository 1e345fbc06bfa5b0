import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createApiClient, createTokenSource, systemTiming, tokensOf, type LinkWish } from "@satchel/api-client";
import {
  idPartBytes,
  makeEntryId,
  rootEntryId,
  type CommitOperation,
  type EntryId,
  type VersionId,
} from "@satchel/protocol";
import type { Browser, Locator, Page } from "playwright-core";
import { signIn as signInDevice, type Device } from "../../e2e/support/device.ts";
import { startServer, type Account, type RunningServer } from "../../e2e/support/server.ts";
import { oneChunk } from "./one-chunk.ts";
import { openBrowser, openPage, type PageOptions } from "./browser.ts";

/** A server with one account, and a browser. */
export interface WebWorld {
  readonly server: RunningServer;
  readonly account: Account;
  readonly browser: Browser;
  readonly directory: string;
  /** A page where the account is signed in, at an address. */
  open(options?: PageOptions & { at?: string }): Promise<Page>;
  /** A device of the account, not yet syncing; stopped at the test's end. */
  signInDevice(): Promise<Device>;
  /** The account's tree, by the API. */
  api(): Promise<TreeAccess>;
}

/** What sets a tree up faster than hands do. */
export interface TreeAccess {
  readonly root: EntryId;
  newId(): EntryId;
  /** Answers with the versions that were made. `carried`: contents of one chunk each, of which the operations tell. */
  commit(operations: CommitOperation[], carried?: readonly Uint8Array[]): Promise<(VersionId | null)[]>;
  /** The address of a new link. */
  link(wish: LinkWish): Promise<string>;
}

export async function startWebWorld(t: TestContext): Promise<WebWorld> {
  // Closed before its server stops: what its pages show then is what the test saw.
  const browser = await openBrowser(t);
  const directory = await mkdtemp(join(tmpdir(), "satchel-web-"));
  const server = await startServer(directory);
  t.after(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });
  const account = await server.addUser("ann");
  return {
    server,
    account,
    browser,
    directory,
    open: async ({ at = "/files", ...options } = {}) => {
      const page = await openPage(t, browser, options);
      await page.goto(server.url + at);
      await signIn(page, account);
      return page;
    },
    signInDevice: async () => {
      const device = await signInDevice({ directory, name: "laptop", url: server.url, account });
      t.after(() => device[Symbol.asyncDispose]());
      return device;
    },
    api: () => openTree(t, server.url, account),
  };
}

/** What the account has, by the API. */
export async function openTree(
  t: TestContext,
  serverUrl: string,
  { name, password }: Account,
  deviceName = "the test itself",
): Promise<TreeAccess> {
  const anonymous = createApiClient({ serverUrl });
  const login = await anonymous.login({ user: name, password, deviceName });
  const tokens = createTokenSource({
    store: {
      load: async () => tokensOf(login, Date.now()),
      save: async () => undefined,
      exclusively: (work) => work(),
    },
    refresh: () => Promise.reject(new Error("a test is over before its token is")),
    timing: systemTiming,
  });
  const api = createApiClient({ serverUrl, tokens });
  t.after(() => Promise.all([anonymous.close(), api.close()]));
  const { cursor } = await api.poll({ timeoutSeconds: 0 });
  const workspaceId = login.workspace_id;
  return {
    root: rootEntryId(workspaceId),
    newId: () => makeEntryId(workspaceId, randomBytes(idPartBytes)),
    commit: async (operations, carried = []) => {
      const packed = Buffer.concat(carried.map((bytes) => Buffer.from(oneChunk(bytes).chunks, "base64")));
      const request = { workspace_id: workspaceId, seen: cursor, operations, carried: packed.toString("base64") };
      const { results } = await api.commit(request, { carried });
      return results.map((result) => {
        if (result.status === "failed") throw new Error(JSON.stringify(result));
        return result.version_id;
      });
    },
    link: async (wish) => (await api.createLink(wish)).url,
  };
}

export async function signIn(page: Page, { name, password }: Account): Promise<void> {
  // By the fields' names: the page may speak any language.
  await page.locator("input[name=user]").fill(name);
  await page.locator("input[name=password]").fill(password);
  await page.locator("input[name=password]").press("Enter");
  await page
    .locator("#main")
    .waitFor()
    .catch(async (cause: unknown) => {
      throw new Error(`after signing in, ${page.url()} shows: ${await page.locator("body").innerText()}`, { cause });
    });
}

/** The row, or tile, of an entry. */
export function row(page: Page, name: string): Locator {
  return page.locator("[data-entry]").filter({ has: page.getByText(name, { exact: true }) });
}

/** The names in the list, in its order. */
export async function names(page: Page): Promise<string[]> {
  const rows = await page.locator("[role=row][data-entry] [role=rowheader]").allInnerTexts();
  return rows.map((text) => text.trim());
}

/** Brings files by the browser's picker. `words`: what the button and its entry say, where the app doesn't speak English. */
export async function pickFiles(
  page: Page,
  files: Parameters<Page["setInputFiles"]>[1],
  words = { upload: "Upload", files: "Files…" },
): Promise<void> {
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: words.upload }).click();
  await page.getByRole("menuitem", { name: words.files }).click();
  await (await choosing).setFiles(files);
}

export async function createFolder(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New folder" }).click();
  await page.locator("#entry-name").fill(name);
  await page.keyboard.press("Enter");
  await row(page, name).waitFor();
}

/** A file of a text, as the picker takes it. */
export function textFile(name: string, text: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: "text/plain", buffer: Buffer.from(text) };
}
