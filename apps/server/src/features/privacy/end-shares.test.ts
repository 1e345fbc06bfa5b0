import assert from "node:assert/strict";
import { test } from "node:test";
import { makeWorkspaceId, maxSharesOfAccount, type AccountId, type WorkspaceId } from "@satchel/protocol";
import { systemHost } from "../../system-host.ts";
import { createInProcessBus } from "../../storage/bus/in-process-bus.ts";
import type { Member, SharedFolder } from "../../storage/metadata/share-store.ts";
import { endShares } from "./end-shares.ts";

const owner = "owner" as AccountId;
const member = { accountId: "member" as AccountId, name: "m", role: "editor", addedAtMs: 0 } as const satisfies Member;

test("[SE71] every folder that an account shares ends, also beyond as many as are listed, and folders that it doesn't share are passed over", async () => {
  const owned = Array.from({ length: maxSharesOfAccount + 2 }, (_, number) => {
    const part = new Uint8Array(10);
    new DataView(part.buffer).setUint32(0, number);
    return makeWorkspaceId(part);
  });
  const [root, ...shared] = owned;
  const present = new Set<WorkspaceId>(shared);
  const parts = {
    host: systemHost,
    bus: createInProcessBus({ onListenerError: (error) => assert.fail(String(error)) }),
    ledger: { listOwned: async () => owned },
    shares: {
      find: async (id: WorkspaceId) => (id === root ? undefined : ({ workspaceId: id } as SharedFolder)),
      invitationsOf: async () => [],
      dropInvitation: async () => false,
      members: async ({ workspaceId }: { workspaceId: WorkspaceId }) => ({
        members: present.has(workspaceId) ? [member] : [],
        next: null,
      }),
      removeMember: async ({ workspaceId }: { workspaceId: WorkspaceId }) => ({
        wasMember: present.delete(workspaceId),
        change: undefined,
      }),
    },
  };
  await endShares(parts, owner, new AbortController().signal);
  assert.equal(present.size, 0);
});
