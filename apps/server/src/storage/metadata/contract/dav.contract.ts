import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountId } from "@satchel/protocol";
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
}
