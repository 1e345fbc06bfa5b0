import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ProblemError, type EntryId, type EntryState, type VersionId, type WorkspaceId } from "@satchel/protocol";
import type { Entry } from "../files/entry.ts";

/** What these modules use of a browser: its storage, its caches, and service workers of which there are none. */
function installBrowser(): Map<string, Map<string, Response>> {
  const stored = new Map<string, string>();
  const opened = new Map<string, Map<string, Response>>();
  const openCache = (name: string) => {
    const held = opened.get(name) ?? new Map<string, Response>();
    opened.set(name, held);
    return {
      match: async (address: string) => held.get(address)?.clone(),
      put: async (address: string, answer: Response) => void held.set(address, answer),
      delete: async (address: string) => held.delete(address),
    };
  };
  const globals = {
    location: new URL("https://host.example/files"),
    document: { querySelector: () => null },
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    },
    caches: { open: async (name: string) => openCache(name), delete: async (name: string) => opened.delete(name) },
    navigator: {
      serviceWorker: {
        register: async () => undefined,
        ready: Promise.resolve({}),
        getRegistration: async () => undefined,
      },
    },
  };
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return opened;
}

let caches = installBrowser();
const { dropFile, keepFile, keptAddress, keptFiles } = await import("./kept-files.ts");
const { claimKept, forgetKept } = await import("./kept-owner.ts");
const { keptIds } = await import("./kept-ids.ts");
const { followKept } = await import("./refresh-kept.ts");

const ann = "aaaaaaaaaaaaaaaa" as WorkspaceId;
const bob = "bbbbbbbbbbbbbbbb" as WorkspaceId;

function file(name: string, text: string, version = "v1"): Entry {
  const size = Buffer.byteLength(text);
  return { id: `${ann}.${name}` as EntryId, name, type: "file", latest_version: version as VersionId, size } as Entry;
}

/** Gives these contents, whatever is asked for, when `whenAsked` has ended. */
function giving(text: string, whenAsked: () => Promise<void> = async () => undefined) {
  return {
    contentUrl: async () => {
      await whenAsked();
      return `data:text/plain,${text}`;
    },
  };
}

beforeEach(async () => {
  caches = installBrowser();
  await claimKept(ann);
});

test("[W24] another account finds nothing of what was kept, however the login before ended", async () => {
  await keepFile(giving("mine"), file("a.txt", "mine"));
  await claimKept(ann);
  assert.deepEqual(
    (await keptFiles()).map(({ name }) => name),
    ["a.txt"],
  );
  await claimKept(bob);
  assert.deepEqual(await keptFiles(), []);
  assert.equal(keptIds().size, 0);
  assert.equal(caches.get("satchel-kept")?.size ?? 0, 0);
});

test("[W24] what is on its way when one signs out is not kept", async () => {
  const keeping = keepFile(giving("mine", forgetKept), file("a.txt", "mine"));
  await assert.rejects(keeping, /login ended/);
  assert.equal(keptIds().size, 0);
  assert.equal(caches.get("satchel-kept")?.size ?? 0, 0);
});

test("[W24] what the server has is never taken for what is kept of an earlier version", async () => {
  await keepFile(giving("mine"), file("a.txt", "mine"));
  const fileId = file("a.txt", "").id;
  assert.match((await keptAddress({ fileId, versionId: "v1" as VersionId })) ?? "", /^blob:/);
  assert.equal(await keptAddress({ fileId, versionId: "v2" as VersionId }), undefined);
});

test("[W24] a drawing is not shown from what is kept, since browsers run some", async () => {
  await keepFile(giving("mine"), file("a.svg", "mine"));
  const { id: fileId } = file("a.svg", "");
  assert.equal(await keptAddress({ fileId, disposition: "inline" }), undefined);
  assert.match((await keptAddress({ fileId })) ?? "", /^blob:/);
});

test("[W24] what is kept follows changes from the moment that it is kept, and goes with the folder that it was in", async () => {
  let tell: (changes: readonly EntryState[]) => void = () => undefined;
  const workspace = { watchChanges: (onChange: typeof tell) => ((tell = onChange), () => undefined) };
  await keepFile(giving("old"), file("a.txt", "old"));
  await keepFile(giving("old"), file("b.txt", "old"));
  let asked = 0;
  let renewed: string | undefined;
  const gone = new Promise<void>((done) => {
    const metadata = async (): Promise<never> => {
      asked += 1;
      renewed ??= await keptAddress({ fileId: file("a.txt", "").id, versionId: "v2" as VersionId });
      if (asked === 2) done();
      throw new ProblemError("not_found");
    };
    followKept({ ...giving("newer"), metadata }, workspace);
  });
  const change = { ...file("a.txt", "newer", "v2"), version_id: "v2", deleted: false } as unknown as EntryState;
  tell([change, { id: `${ann}.folder`, type: "folder", deleted: true } as unknown as EntryState]);
  await gone;
  assert.equal(asked, 2);
  assert.match(renewed ?? "", /^blob:/);
  await dropFile(file("a.txt", "").id);
  await dropFile(file("b.txt", "").id);
  assert.deepEqual(await keptFiles(), []);
});
