import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { maxManifestChunks } from "@satchel/chunking";
import { idPartBytes, makeWorkspaceId, type AccountId } from "@satchel/protocol";
import { maxDavProperties, type DavLock } from "../dav-store.ts";
import type { MetadataStore } from "../metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of what WebDAV keeps. */
export function davContract(getStore: () => MetadataStore): void {
  const colour = { namespace: "urn:x", name: "colour" };

  test("[WD13] properties are set and removed, in order, and those of one entry are its own", async () => {
    const fixture = await WorkspaceFixture.create(getStore());
    const { dav } = getStore();
    const [one, other] = [fixture.newId(), fixture.newId()];
    await dav.patchProperties(one, [
      { ...colour, value: "<red/>" },
      { ...colour, value: "<blue/>" },
      { namespace: "", name: "gone", value: "x" },
      { namespace: "", name: "gone", value: undefined },
    ]);
    await dav.patchProperties(other, [{ ...colour, value: "<green/>" }]);
    assert.deepEqual(await dav.listProperties(fixture.workspaceId, [one]), [
      { entryId: one, ...colour, value: "<blue/>" },
    ]);
    await dav.copyProperties({ from: one, to: other });
    assert.deepEqual(await dav.listProperties(fixture.workspaceId, [other]), [
      { entryId: other, ...colour, value: "<blue/>" },
    ]);
  });

  test("[WD13] an entry has a bounded number of properties, and one too many changes nothing", async () => {
    const fixture = await WorkspaceFixture.create(getStore());
    const { dav } = getStore();
    const id = fixture.newId();
    const many = Array.from({ length: maxDavProperties }, (_, nth) => ({ namespace: "n", name: `${nth}`, value: "v" }));
    await dav.patchProperties(id, many);
    await assert.rejects(dav.patchProperties(id, [{ ...colour, value: "x" }]), { code: "limit_exceeded" });
    assert.equal((await dav.listProperties(fixture.workspaceId, [id])).length, maxDavProperties);
  });

  test("[WD13] the longest names that a request can have are kept", async () => {
    const fixture = await WorkspaceFixture.create(getStore());
    const { dav } = getStore();
    const id = fixture.newId();
    // No two signs alike, so that no database makes them shorter.
    const signs = (count: number, from: number) =>
      Array.from({ length: count }, (_, nth) => String.fromCharCode(from + ((nth * 7919) % 20_000))).join("");
    const long = { namespace: signs(500, 0x4e00), name: signs(200, 0x4e10), value: "v" };
    await dav.patchProperties(id, [long]);
    assert.deepEqual(await dav.listProperties(fixture.workspaceId, [id]), [{ entryId: id, ...long }]);
  });

  test("[WD14] a lock that can't stand beside another is not set, until that one ends or is removed", async () => {
    const fixture = await WorkspaceFixture.create(getStore());
    const { dav } = getStore();
    const lock = (token: string, more: Partial<DavLock>): DavLock => ({
      workspaceId: fixture.workspaceId,
      token,
      path: "/a",
      isDeep: false,
      isExclusive: true,
      owner: "",
      accountId: fixture.accountId,
      endsAtMs: 1000,
      ...more,
    });
    const add = async (token: string, more: Partial<DavLock>, nowMs = 0) =>
      (await dav.addLock(lock(token, more), nowMs))?.token;
    assert.equal(await add("1", { path: "/a/b" }), undefined);
    assert.equal(await add("2", { path: "/a" }), undefined);
    assert.equal(await add("3", { path: "/a/b", isExclusive: false }), "1");
    assert.equal(await add("4", { path: "", isDeep: true }), "1");
    assert.equal(await add("5", { path: "/ab", isExclusive: false, isDeep: true }), undefined);
    assert.equal(await add("6", { path: "/ab/c", isExclusive: false }), undefined);
    assert.equal(await add("7", { path: "/ab/c", isExclusive: true }), "5");
    assert.equal(await dav.prolongLock({ ...lock("1", {}), endsAtMs: 5000 }, 500), true);
    assert.equal(await dav.prolongLock({ ...lock("2", {}), endsAtMs: 5000 }, 1000), false);
    assert.deepEqual(
      (await dav.listLocks(fixture.workspaceId, 1000)).map(({ token }) => token),
      ["1"],
    );
    await dav.removeLocks(fixture.workspaceId, ["1", "none"]);
    assert.deepEqual(await dav.listLocks(fixture.workspaceId, 0).then((locks) => locks.map(({ token }) => token)), [
      "2",
      "5",
      "6",
    ]);
  });

  test("[WD14] of many that want the same lock at once one gets it", async () => {
    const fixture = await WorkspaceFixture.create(getStore());
    const wanted = Array.from({ length: 6 }, (_, nth) =>
      getStore().dav.addLock(
        {
          workspaceId: fixture.workspaceId,
          token: `${nth}`,
          path: "/a",
          isDeep: true,
          isExclusive: true,
          owner: "",
          accountId: `account ${nth}` as AccountId,
          endsAtMs: 1000,
        },
        0,
      ),
    );
    assert.equal((await Promise.all(wanted)).filter((against) => against === undefined).length, 1);
  });

  test("[WD24] a change stamps all folders above it and no others, wherever things were in between", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const [a, c] = [await ws.makeFolder("a"), await ws.makeFolder("c")];
    const b = await ws.makeFolder("b", a);
    const file = await ws.makeFile("file", b);
    const folders = { root: ws.root, a, b, c };
    const look = async () =>
      (await ws.store.dav.folderStamps(ws.workspaceId, Object.values(folders))).stamps.map(({ sequence }) => sequence);
    const changedBy = async (change: () => Promise<unknown>): Promise<string[]> => {
      const before = await look();
      await change();
      const after = await look();
      for (const [nth, stamp] of after.entries()) assert.ok(stamp >= (before[nth] ?? 0), "stamps only grow");
      return Object.keys(folders).filter((_, nth) => after[nth] !== before[nth]);
    };
    assert.deepEqual(await changedBy(() => Promise.resolve()), []);
    assert.deepEqual(await changedBy(() => ws.edit(file, ["new"])), ["root", "a", "b"]);
    assert.deepEqual(await changedBy(() => ws.makeFile("other", c)), ["root", "c"]);
    const move = (id: typeof b, from: typeof a, to: typeof a) =>
      ws.done({ op: "move", id, parent_id: to, name: "b", base_parent_id: from, base_name: "b" });
    assert.deepEqual(await changedBy(() => move(b, a, c)), ["root", "a", "c"]);
    const editAndMove = async () => {
      await ws.edit(file, ["newer"]);
      await move(b, c, a);
    };
    assert.deepEqual(await changedBy(editAndMove), ["root", "a", "b", "c"]);
    assert.deepEqual(await changedBy(() => ws.remove(file)), ["root", "a", "b"]);
    assert.deepEqual(await changedBy(() => ws.remove(b)), ["root", "a"]);
    const author = { accountId: ws.accountId, deviceId: null };
    const again = { id: b, author, versionId: undefined, atMs: undefined, idempotency: undefined, nowMs: ws.nowMs };
    assert.deepEqual((await changedBy(() => ws.store.history.restore(again))).slice(0, 2), ["root", "a"]);
  });

  test("[WD24] a folder that something left counts as changed, though what left was shared since, and its records are in another journal", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const [a, team] = [await ws.makeFolder("a"), await ws.makeFolder("team")];
    const b = await ws.makeFolder("b", a);
    const still = await ws.makeFolder("still");
    const file = await ws.makeFile("file", b);
    const look = async () =>
      (await ws.store.dav.folderStamps(ws.workspaceId, [ws.root, a, b, still])).stamps.map(({ sequence }) => sequence);
    const before = await look();
    await ws.done({ op: "move", id: file, parent_id: team, name: "file", base_parent_id: b, base_name: "file" });
    const author = { accountId: ws.accountId, deviceId: null };
    const workspaceId = makeWorkspaceId(randomBytes(idPartBytes));
    await ws.store.shares.create({ folderId: team, workspaceId, author, nowMs: ws.nowMs });
    const after = await look();
    assert.deepEqual(
      after.map((stamp, nth) => stamp > (before[nth] ?? 0)),
      [true, true, true, false],
    );
  });

  test("[WD24] folders that nobody asked about before, and those of a journal that was pruned meanwhile, count as changed", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const folder = await ws.makeFolder("folder");
    const look = async () => await ws.store.dav.folderStamps(ws.workspaceId, [folder]);
    const first = await look();
    assert.deepEqual(first, { epoch: ws.epoch, stamps: [{ sequence: (await ws.head()).sequence, atMs: ws.nowMs }] });
    await ws.makeFile("a");
    await ws.makeFile("b");
    await ws.store.maintenance.prune({ workspaceId: ws.workspaceId, beforeMs: ws.nowMs + 1, limit: 100 });
    const [later] = (await look()).stamps;
    assert.ok((later?.sequence ?? 0) > (first.stamps[0]?.sequence ?? 0));
  });

  test("[WD22] the parts of an upload are told by name until it ends, and one more of the same name takes the place of the other", async () => {
    const { store, workspaceId } = await WorkspaceFixture.create(getStore());
    const upload = { workspaceId, uploadId: "one" };
    const part = (name: string, text: string) => ({ name, sizeBytes: text.length, packedChunks: Buffer.from(text) });
    assert.equal(await store.dav.putPart(upload, part("1", "x"), 0), false);
    await store.dav.beginUpload({ ...upload, endsAtMs: 1000 }, 0);
    for (const [name, text] of [
      ["2", "two"],
      ["1", "one"],
      ["2", "other"],
    ] as const)
      assert.equal(await store.dav.putPart(upload, part(name, text), 500), true);
    const told = await store.dav.readParts(upload, 500);
    assert.deepEqual(
      await store.dav.listParts(upload, 500),
      told?.map(({ name, sizeBytes }) => ({ name, sizeBytes })),
    );
    assert.deepEqual(
      told?.map(({ name, sizeBytes, packedChunks }) => [name, sizeBytes, Buffer.from(packedChunks).toString()]),
      [
        ["1", 3, "one"],
        ["2", 5, "other"],
      ],
    );
    assert.equal(await store.dav.listParts(upload, 1000), undefined);
    await store.maintenance.dropExpired({ nowMs: 1000, idempotencyBeforeMs: 0 });
    await store.dav.beginUpload({ ...upload, endsAtMs: 3000 }, 2000);
    assert.deepEqual(await store.dav.listParts(upload, 2000), []);
    await store.dav.endUpload(upload);
    assert.equal(await store.dav.listParts(upload, 2000), undefined);
  });

  test("[WD22] an upload that is begun again ends when it would have, and nothing of one that ended is in the next of its name", async () => {
    const { store, workspaceId } = await WorkspaceFixture.create(getStore());
    const upload = { workspaceId, uploadId: "one" };
    await store.dav.beginUpload({ ...upload, endsAtMs: 1000 }, 0);
    const part = { name: "1", sizeBytes: 3, packedChunks: Buffer.from("one") };
    assert.equal(await store.dav.putPart(upload, part, 0), true);
    await store.dav.beginUpload({ ...upload, endsAtMs: 1900 }, 900);
    assert.deepEqual(await store.dav.listParts(upload, 999), [{ name: "1", sizeBytes: 3 }]);
    assert.deepEqual(
      [await store.dav.isUploading(upload, 999), await store.dav.isUploading(upload, 1000)],
      [true, false],
    );
    await store.dav.beginUpload({ ...upload, endsAtMs: 3000 }, 2000);
    assert.deepEqual(await store.dav.listParts(upload, 2000), []);
  });

  test("[TU3] [TU5] what comes next is added only where an upload ends, and one that is done is told until its new end", async () => {
    const { store, workspaceId } = await WorkspaceFixture.create(getStore());
    const upload = { workspaceId, uploadId: "tus:one" };
    const append = async (offsetBytes: number, text: string) =>
      store.dav.appendPart(upload, { offsetBytes, sizeBytes: text.length, packedChunks: Buffer.from(text) }, 0);
    assert.equal(await append(0, "x"), "ended");
    await store.dav.beginUpload({ ...upload, endsAtMs: 1000, about: "a" }, 0);
    assert.deepEqual(
      [await append(0, "one"), await append(0, "one"), await append(2, "x"), await append(3, "two")],
      ["added", "elsewhere", "elsewhere", "added"],
    );
    const known = { about: "a", isDone: false, endsAtMs: 1000, storedBytes: 6 };
    assert.deepEqual(await store.dav.findUpload(upload, 999), known);
    await store.dav.settleUpload(upload, { about: "b", endsAtMs: 2000 });
    assert.deepEqual([await append(0, "x"), await append(6, "x")], ["ended", "ended"]);
    const done = { about: "b", isDone: true, endsAtMs: 2000, storedBytes: 0 };
    assert.deepEqual(await store.dav.findUpload(upload, 1999), done);
    assert.equal(await store.dav.findUpload(upload, 2000), undefined);
  });

  test("[WD22] parts have no more chunks together than a file can have", async () => {
    const { store, workspaceId } = await WorkspaceFixture.create(getStore());
    const upload = { workspaceId, uploadId: "one" };
    await store.dav.beginUpload({ ...upload, endsAtMs: 1000 }, 0);
    const half = Buffer.alloc((maxManifestChunks / 2) * 36);
    const part = (name: string, packedChunks: Uint8Array) => ({ name, sizeBytes: 1, packedChunks });
    for (const name of ["1", "2", "2"]) assert.equal(await store.dav.putPart(upload, part(name, half), 0), true);
    const more = store.dav.putPart(upload, part("3", Buffer.alloc(36)), 0);
    await assert.rejects(more, { code: "body_too_large" });
    assert.equal((await store.dav.listParts(upload, 0))?.length, 2);
  });
}
