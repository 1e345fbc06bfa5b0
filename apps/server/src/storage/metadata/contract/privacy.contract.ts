import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountId, DeviceId } from "@satchel/protocol";
import type { MetadataStore } from "../metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of what concerns all that there is about an account. */
export function privacyContract(getStore: () => MetadataStore): void {
  const create = () => WorkspaceFixture.create(getStore());

  test("[SE71] an account goes in bounded steps with all that it has, and nobody else loses anything", async () => {
    const { identity, access, privacy, ledger } = getStore();
    const [ws, other] = [await create(), await create()];
    for (const each of [ws, other]) {
      const folder = await each.makeFolder("folder");
      for (let count = 0; count < 4; count += 1) await each.makeFile(`file ${count}`, folder, ["same", `own ${count}`]);
      await each.remove(await each.makeFile("gone"));
    }
    const deviceId = `device-${ws.workspaceId}` as DeviceId;
    const token = { tokenHash: deviceId, deviceId, expiresAtMs: 1000 };
    await identity.createDevice({ id: deviceId, accountId: ws.accountId, name: "laptop", nowMs: 2 }, token);
    await identity.createJoinCode({ secretHash: deviceId, accountId: ws.accountId, expiresAtMs: 1000 });
    const member = { workspaceId: other.workspaceId, accountId: ws.accountId, role: "editor", nowMs: 7 } as const;
    await access.putMember(member);
    await access.putMember({ ...member, workspaceId: ws.workspaceId, accountId: other.accountId });
    assert.deepEqual(await privacy.listMemberships(ws.accountId), [
      { workspaceId: other.workspaceId, role: "editor", addedAtMs: 7 },
    ]);
    let steps = 1;
    while (!(await privacy.eraseStep(ws.accountId, 2))) steps += 1;
    assert.ok(steps > 10, `${steps} steps`);
    assert.equal(await privacy.eraseStep(ws.accountId, 2), true);
    assert.equal(await identity.findAccount(ws.accountId), undefined);
    assert.equal(await identity.findDevice(deviceId), undefined);
    await assert.rejects(ledger.usage(ws.workspaceId), { code: "not_found" });
    assert.equal(await access.findRole(other.workspaceId, ws.accountId), undefined);
    assert.deepEqual(await privacy.listMemberships(other.accountId), []);
    assert.deepEqual((await other.store.maintenance.check(other.workspaceId)).problems, []);
    assert.equal((await other.paths()).length, 5);
  });

  test("[SE70] a deletion is asked for once, found while it waits, listed when it is due, and taken back", async () => {
    const { privacy } = getStore();
    const { accountId } = await create();
    const asked = { accountId, requestedAtMs: 10, dueAtMs: 20 };
    assert.deepEqual(await privacy.requestDeletion(asked), asked);
    assert.deepEqual(await privacy.requestDeletion({ accountId, requestedAtMs: 15, dueAtMs: 25 }), asked);
    assert.deepEqual(await privacy.findDeletion(accountId), asked);
    assert.deepEqual(await privacy.listDue({ nowMs: 19, limit: 10 }), []);
    assert.deepEqual(await privacy.listDue({ nowMs: 20, limit: 10 }), [asked]);
    assert.deepEqual([await privacy.cancelDeletion(accountId), await privacy.cancelDeletion(accountId)], [true, false]);
    assert.equal(await privacy.findDeletion(accountId), undefined);
    await assert.rejects(privacy.requestDeletion({ ...asked, accountId: "nobody" as AccountId }), {
      code: "not_found",
    });
  });
}
