import assert from "node:assert/strict";
import { test } from "node:test";
import { makeWorkspaceId, type AccountId } from "@satchel/protocol";
import { randomBytes } from "node:crypto";
import type { MetadataStore } from "../metadata-store.ts";
import { WorkspaceFixture } from "./workspace-fixture.ts";

/** Rules of who may work in which workspace. */
export function accessContract(getStore: () => MetadataStore): void {
  const newId = () => `account-${randomBytes(8).toString("hex")}` as AccountId;

  const makeWorkspace = async () => {
    const { accountId: owner, workspaceId } = await WorkspaceFixture.create(getStore());
    return { owner, workspaceId };
  };

  test("[SE4] an owner has a role without being a member, others by membership, strangers none", async () => {
    const { access } = getStore();
    const { owner, workspaceId } = await makeWorkspace();
    const friend = newId();
    assert.equal(await access.findRole(workspaceId, owner), "owner");
    assert.equal(await access.findRole(workspaceId, friend), undefined);
    await access.putMember({ workspaceId, accountId: friend, role: "viewer", nowMs: 2 });
    assert.equal(await access.findRole(workspaceId, friend), "viewer");
    await access.putMember({ workspaceId, accountId: friend, role: "editor", nowMs: 3 });
    assert.equal(await access.findRole(workspaceId, friend), "editor");
    await access.removeMember(workspaceId, friend);
    await access.removeMember(workspaceId, friend);
    assert.equal(await access.findRole(workspaceId, friend), undefined);
  });

  test("[SE4] an owner who is made a member stays the owner, and a workspace that there isn't has no members", async () => {
    const { access } = getStore();
    const { owner, workspaceId } = await makeWorkspace();
    await access.putMember({ workspaceId, accountId: owner, role: "viewer", nowMs: 2 });
    assert.equal(await access.findRole(workspaceId, owner), "owner");
    const none = makeWorkspaceId(randomBytes(10));
    assert.equal(await access.findRole(none, owner), undefined);
    await assert.rejects(access.putMember({ workspaceId: none, accountId: owner, role: "viewer", nowMs: 2 }), {
      code: "not_found",
    });
  });
}
