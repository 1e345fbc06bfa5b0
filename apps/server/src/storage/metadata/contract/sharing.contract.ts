import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import {
  idPartBytes,
  makeEntryId,
  makeWorkspaceId,
  rootEntryId,
  type EntryId,
  type WorkspaceId,
} from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import type { InviteeKey } from "../share-store.ts";
import { livingPaths, WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of folders that become workspaces, and of who has them. */
export function sharingContract(getStore: () => MetadataStore): void {
  const share = async (ws: WorkspaceFixture, folderId: EntryId): Promise<WorkspaceId> => {
    const { workspaceId } = await getStore().shares.create({
      folderId,
      workspaceId: makeWorkspaceId(randomBytes(idPartBytes)),
      author: { accountId: ws.accountId, deviceId: null },
      nowMs: ws.nowMs,
    });
    return workspaceId;
  };

  const keyOf = (ws: WorkspaceFixture): InviteeKey => `account:${ws.accountId}`;

  const accept = async (ws: WorkspaceFixture, workspaceId: WorkspaceId, name?: string) =>
    getStore().shares.accept({
      workspaceId,
      accountId: ws.accountId,
      keys: [keyOf(ws)],
      parentId: ws.root,
      name,
      author: { accountId: ws.accountId, deviceId: null },
      nowMs: ws.nowMs,
    });

  const invite = (owner: WorkspaceFixture, workspaceId: WorkspaceId, ws: WorkspaceFixture, role: "viewer" | "editor") =>
    getStore().shares.invite({
      workspaceId,
      inviteeKey: keyOf(ws),
      role,
      invitedBy: owner.accountId,
      nowMs: owner.nowMs,
    });

  const join = async (owner: WorkspaceFixture, workspaceId: WorkspaceId, role: "viewer" | "editor" = "editor") => {
    const ws = await WorkspaceFixture.create(getStore());
    await invite(owner, workspaceId, ws, role);
    await accept(ws, workspaceId);
    return ws;
  };

  const movedId = (workspaceId: WorkspaceId, id: EntryId) => `${workspaceId}${id.slice(16)}` as EntryId;

  const checkAll = async (...workspaces: WorkspaceId[]) => {
    for (const workspaceId of workspaces)
      assert.deepEqual((await getStore().maintenance.check(workspaceId)).problems, [], workspaceId);
  };

  test("[SH1] a folder becomes a workspace of its own, with everything in it, its versions, history and trash, and moves no bytes", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const plans = await ws.makeFolder("plans");
    const sub = await ws.makeFolder("sub", plans);
    const file = await ws.makeFile("a.txt", sub, ["one"]);
    const gone = await ws.makeFile("gone.txt", plans, ["gone"]);
    const first = (await ws.state(file)).version_id;
    await ws.edit(file, ["two", "both"]);
    await ws.makeFile("beside.txt", ws.root, ["both"]);
    await ws.remove(gone);
    const before = await ws.changes(undefined);
    const workspaceId = await share(ws, plans);

    assert.deepEqual(await ws.paths(), ["/beside.txt", "/plans"]);
    assert.equal((await ws.state(plans)).mounts, workspaceId);
    const { changes } = await getStore().tree.changesSince({ workspaceId, after: undefined, limit: 100 });
    assert.deepEqual(livingPaths(changes), ["/sub", "/sub/a.txt"]);
    const moved = changes.find(({ id }) => id === movedId(workspaceId, file));
    const old = before.find(({ id }) => id === file);
    assert.deepEqual([moved?.sequence, moved?.version_id], [old?.sequence, old?.version_id]);
    const history = { id: movedId(workspaceId, file), after: undefined, limit: 10 };
    const { versions } = await getStore().history.listVersions(history);
    assert.deepEqual(
      versions.map(({ version }) => version),
      [old?.version_id, first],
    );
    const trash = { after: undefined, limit: 10, retentionMs: 1 };
    const trashOf = async (id: WorkspaceId) =>
      (await getStore().history.listTrash({ ...trash, workspaceId: id })).entries.map(({ path }) => path);
    assert.deepEqual(await trashOf(workspaceId), ["/gone.txt"]);
    assert.deepEqual(await trashOf(ws.workspaceId), []);
    // "both" is in the shared folder and beside it; each workspace counts what it refers to.
    assert.equal(
      (await getStore().ledger.usage(workspaceId)).usedBytes,
      "one".length + "two".length + "both".length + "gone".length,
    );
    assert.equal((await getStore().ledger.usage(ws.workspaceId)).usedBytes, "both".length);
    await checkAll(ws.workspaceId, workspaceId);
  });

  test("[SH1] what was shared is taken back to an instant before it was", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const plans = await ws.makeFolder("plans");
    const other = await ws.makeFolder("other", plans);
    const file = await ws.makeFile("a.txt", plans, ["one"]);
    const atMs = ws.nowMs;
    await ws.done({ op: "move", id: file, parent_id: other, name: "b.txt", base_parent_id: plans, base_name: "a.txt" });
    const workspaceId = await share(ws, plans);
    await getStore().history.restore({
      id: rootEntryId(workspaceId),
      versionId: undefined,
      atMs,
      author: { accountId: ws.accountId, deviceId: null },
      idempotency: undefined,
      nowMs: ws.nowMs + 1000,
    });
    assert.equal((await getStore().tree.findEntry(movedId(workspaceId, file)))?.path, "/a.txt");
    await checkAll(workspaceId);
  });

  test("[SH1] who knew the folder hears that it is a mount, and nothing more of what is in it", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const plans = await ws.makeFolder("plans");
    await ws.makeFile("a.txt", plans);
    const known = await ws.head();
    const workspaceId = await share(ws, plans);
    const told = await ws.changes(known);
    assert.deepEqual(
      told.map(({ id, mounts }) => [id, mounts]),
      [[plans, workspaceId]],
    );
    const listed = await ws.changes(undefined);
    assert.deepEqual(
      listed.map(({ id }) => id),
      [plans],
    );
  });

  test("[SH1] sharing a shared folder again changes nothing", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const plans = await ws.makeFolder("plans");
    const workspaceId = await share(ws, plans);
    const head = await ws.head();
    assert.equal(await share(ws, plans), workspaceId);
    assert.deepEqual(await ws.head(), head);
  });

  test("[SH2] shared folders don't lie in one another, and the root folder isn't one", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const outer = await ws.makeFolder("outer");
    const inner = await ws.makeFolder("inner", outer);
    const workspaceId = await share(ws, inner);
    await assert.rejects(share(ws, outer), { code: "share_nested" });
    await assert.rejects(share(ws, ws.root), { code: "share_nested" });
    const deep = `${workspaceId}.${"a".repeat(16)}` as EntryId;
    await getStore().tree.commit({
      workspaceId,
      author: { accountId: ws.accountId, deviceId: null },
      seenSequence: 0,
      operations: [{ op: "create_folder", id: deep, parent_id: rootEntryId(workspaceId), name: "deep" }],
      idempotency: undefined,
      nowMs: ws.nowMs,
    });
    await assert.rejects(share(ws, deep), { code: "share_nested" });
    await ws.remove(inner);
    assert.notEqual(await share(ws, outer), workspaceId);
    await checkAll(ws.workspaceId, workspaceId);
  });

  test("[SH3] nothing of the account's own comes to lie in a mount", async () => {
    const ws = await WorkspaceFixture.create(getStore());
    const plans = await ws.makeFolder("plans");
    const file = await ws.makeFile("a.txt");
    await share(ws, plans);
    const into = { parent_id: plans, name: "a.txt" };
    const made = await ws.failed({ op: "create_folder", id: ws.newId(), ...into });
    const moved = await ws.failed({ op: "move", id: file, ...into, base_parent_id: ws.root, base_name: "a.txt" });
    assert.deepEqual([made.code, moved.code], ["not_found", "not_found"]);
  });

  test("[SH5] whoever accepts is a member and has the folder where it wants; accepting again changes nothing", async () => {
    const owner = await WorkspaceFixture.create(getStore());
    const workspaceId = await share(owner, await owner.makeFolder("plans"));
    const ws = await WorkspaceFixture.create(getStore());
    await assert.rejects(accept(ws, workspaceId), { code: "not_found" });
    await invite(owner, workspaceId, ws, "viewer");
    await invite(owner, workspaceId, ws, "editor");
    assert.deepEqual(
      (await getStore().shares.invitationsFor([keyOf(ws)])).map(({ name, role }) => [name, role]),
      [["plans", "editor"]],
    );
    await ws.makeFolder("plans");
    const { change } = await accept(ws, workspaceId);
    assert.deepEqual(await ws.paths(), ["/plans", "/plans (2)"]);
    assert.equal(change?.changes[0]?.entry.mounts, workspaceId);
    assert.equal((await accept(ws, workspaceId)).change, undefined);
    assert.equal(await getStore().access.findRole(workspaceId, ws.accountId), "editor");
    assert.deepEqual(await getStore().shares.invitationsFor([keyOf(ws)]), []);
    const [listed] = await getStore().shares.list(ws.accountId);
    assert.deepEqual([listed?.mountPath, listed?.role, listed?.members], ["/plans (2)", "editor", 2]);
  });

  test("[SH5] a mount's second name is no longer than names may be", async () => {
    const owner = await WorkspaceFixture.create(getStore());
    const name = "ü".repeat(127);
    const workspaceId = await share(owner, await owner.makeFolder(name));
    const ws = await WorkspaceFixture.create(getStore());
    await ws.makeFolder(name);
    await invite(owner, workspaceId, ws, "editor");
    await accept(ws, workspaceId);
    assert.deepEqual((await ws.paths()).toSorted(), [`/${name.slice(0, 125)} (2)`, `/${name}`]);
  });

  test("[MD29] a mount in the root doesn't get the name of the devices' own folder", async () => {
    const owner = await WorkspaceFixture.create(getStore());
    const workspaceId = await share(owner, await owner.makeFolder(".Satchel", await owner.makeFolder("docs")));
    const ws = await WorkspaceFixture.create(getStore());
    await invite(owner, workspaceId, ws, "editor");
    await assert.rejects(accept(ws, workspaceId, ".satchel"), { code: "bad_request" });
    assert.equal(await getStore().access.findRole(workspaceId, ws.accountId), undefined);
    await accept(ws, workspaceId);
    assert.deepEqual(await ws.paths(), ["/.Satchel (2)"]);
    const inside = await getStore().tree.commit({
      workspaceId,
      author: { accountId: owner.accountId, deviceId: null },
      seenSequence: 0,
      operations: [
        {
          op: "create_folder",
          id: makeEntryId(workspaceId, randomBytes(idPartBytes)),
          parent_id: rootEntryId(workspaceId),
          name: ".satchel",
        },
      ],
      idempotency: undefined,
      nowMs: owner.nowMs,
    });
    assert.equal(inside.results[0]?.status, "done");
  });

  test("[SH6] moving, renaming and deleting a mount concerns only the member; mounted again, it is the same entry", async () => {
    const owner = await WorkspaceFixture.create(getStore());
    const workspaceId = await share(owner, await owner.makeFolder("plans"));
    const ws = await join(owner, workspaceId);
    const [mounted] = await getStore().shares.list(ws.accountId);
    const id = mounted?.mountId as EntryId;
    await ws.done({ op: "move", id, parent_id: ws.root, name: "ours", base_parent_id: ws.root, base_name: "plans" });
    assert.deepEqual([await ws.paths(), await owner.paths()], [["/ours"], ["/plans"]]);
    await ws.remove(id);
    const [unmounted] = await getStore().shares.list(ws.accountId);
    assert.deepEqual([unmounted?.mountId, unmounted?.role], [null, "editor"]);
    await accept(ws, workspaceId, "again");
    const [again] = await getStore().shares.list(ws.accountId);
    assert.deepEqual([again?.mountId, again?.mountPath], [id, "/again"]);
    const third = await WorkspaceFixture.create(getStore());
    await third.makeFolder("taken");
    await invite(owner, workspaceId, third, "editor");
    await assert.rejects(accept(third, workspaceId, "taken"), { code: "name_taken" });
    assert.equal(await getStore().access.findRole(workspaceId, third.accountId), undefined);
    await checkAll(ws.workspaceId, workspaceId);
  });

  test("[SH12] a mount is neither in the trash nor brought back by restoring", async () => {
    const owner = await WorkspaceFixture.create(getStore());
    const plans = await owner.makeFolder("plans");
    await share(owner, plans);
    const atMs = owner.nowMs;
    await owner.remove(plans);
    const { history } = getStore();
    const trash = { workspaceId: owner.workspaceId, after: undefined, limit: 10, retentionMs: 1 };
    assert.deepEqual((await history.listTrash(trash)).entries, []);
    const again = {
      versionId: undefined,
      author: { accountId: owner.accountId, deviceId: null },
      idempotency: undefined,
      nowMs: owner.nowMs + 1000,
    };
    await assert.rejects(history.restore({ ...again, id: plans, atMs: undefined }), { code: "not_found" });
    await history.restore({ ...again, id: owner.root, atMs });
    assert.deepEqual(await owner.paths(), []);
  });

  test("[SH7] a removed member has neither role nor mount; removing again does nothing, and the owner can't go", async () => {
    const owner = await WorkspaceFixture.create(getStore());
    const workspaceId = await share(owner, await owner.makeFolder("plans"));
    const ws = await join(owner, workspaceId);
    const request = { workspaceId, author: { accountId: owner.accountId, deviceId: null }, nowMs: owner.nowMs };
    const removed = await getStore().shares.removeMember({ ...request, accountId: ws.accountId });
    assert.deepEqual([removed.wasMember, removed.change?.changes[0]?.kind], [true, "deleted"]);
    assert.deepEqual([await ws.paths(), await getStore().access.findRole(workspaceId, ws.accountId)], [[], undefined]);
    const again = await getStore().shares.removeMember({ ...request, accountId: ws.accountId });
    assert.deepEqual(again, { wasMember: false, change: undefined });
    await assert.rejects(getStore().shares.removeMember({ ...request, accountId: owner.accountId }), {
      code: "forbidden",
    });
    await assert.rejects(accept(ws, workspaceId), { code: "not_found" });
    await checkAll(ws.workspaceId, workspaceId);
  });

  test("[SH8] the folder is handed over with its quota, to a member who has the room; who had it becomes an editor", async () => {
    const owner = await WorkspaceFixture.create(getStore());
    const plans = await owner.makeFolder("plans");
    await owner.makeFile("a.txt", plans, ["0123456789"]);
    const workspaceId = await share(owner, plans);
    const ws = await join(owner, workspaceId, "viewer");
    const request = { workspaceId, nowMs: owner.nowMs, role: "owner" } as const;
    await getStore().ledger.setQuota({ accountId: ws.accountId, quotaBytes: 9 });
    await assert.rejects(getStore().shares.setRole({ ...request, accountId: ws.accountId }), {
      code: "quota_exceeded",
    });
    const roles = async () => {
      const { members } = await getStore().shares.members({ workspaceId, after: undefined, limit: 10 });
      return members.map(({ accountId, role }) => [accountId, role]);
    };
    assert.deepEqual(await roles(), [
      [owner.accountId, "owner"],
      [ws.accountId, "viewer"],
    ]);
    await getStore().ledger.setQuota({ accountId: ws.accountId, quotaBytes: 10 });
    const { formerOwner } = await getStore().shares.setRole({ ...request, accountId: ws.accountId });
    assert.equal(formerOwner, owner.accountId);
    assert.deepEqual(await roles(), [
      [ws.accountId, "owner"],
      [owner.accountId, "editor"],
    ]);
    const stranger = await WorkspaceFixture.create(getStore());
    await assert.rejects(getStore().shares.setRole({ ...request, accountId: stranger.accountId }), {
      code: "not_found",
    });
  });

  test("[SH22] a link is found by its token's hash, gives as many downloads as it may, follows its folder, and is its maker's to remove", async () => {
    const { links } = getStore();
    const ws = await WorkspaceFixture.create(getStore());
    const plans = await ws.makeFolder("plans");
    const file = await ws.makeFile("a.txt", plans);
    const link = {
      id: "link",
      entryId: file,
      accountId: ws.accountId,
      kind: "download",
      passwordHash: null,
      startsAtMs: null,
      expiresAtMs: 5,
      maxDownloads: 1,
      downloads: 0,
      createdAtMs: 1,
    } as const;
    const token = `hash of ${ws.workspaceId}`;
    await links.add(link, token);
    assert.deepEqual([await links.find(token), await links.find("another")], [link, undefined]);
    const atOnce = await Promise.all([links.takeDownload(token), links.takeDownload(token)]);
    assert.deepEqual(atOnce.toSorted(), [false, true]);
    const workspaceId = await share(ws, plans);
    const moved = { ...link, entryId: movedId(workspaceId, file), downloads: 1 };
    assert.deepEqual(await links.list(ws.accountId), [moved]);
    const stranger = await WorkspaceFixture.create(getStore());
    const removed = [await links.remove(stranger.accountId, "link"), await links.remove(ws.accountId, "link")];
    assert.deepEqual([removed, await links.find(token)], [[false, true], undefined]);
  });

  test("[SH4] an invitation to an address is for whoever proves to have it, and is taken back or declined", async () => {
    const owner = await WorkspaceFixture.create(getStore());
    const workspaceId = await share(owner, await owner.makeFolder("plans"));
    const { shares } = getStore();
    const inviteeKey: InviteeKey = `email:${workspaceId}@example.org`;
    await shares.invite({ workspaceId, inviteeKey, role: "viewer", invitedBy: owner.accountId, nowMs: 1 });
    assert.deepEqual(
      (await shares.invitationsOf(workspaceId)).map(({ who, role }) => [who, role]),
      [[`${workspaceId}@example.org`, "viewer"]],
    );
    assert.deepEqual(
      (await shares.invitationsFor(["account:none", inviteeKey])).map((invitation) => invitation.workspaceId),
      [workspaceId],
    );
    assert.equal(await shares.dropInvitation(workspaceId, [inviteeKey]), true);
    assert.equal(await shares.dropInvitation(workspaceId, [inviteeKey]), false);
    assert.deepEqual(await shares.invitationsFor([inviteeKey]), []);
  });
}
