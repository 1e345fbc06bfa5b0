import { formatTimestamp, maxMembersPerPage, type AccountId } from "@satchel/protocol";
import type { MetadataStore } from "../../storage/metadata/metadata-store.ts";
import type { SharedFolder } from "../../storage/metadata/share-store.ts";
import { inviteeKeysOf } from "../sharing/invitees.ts";

type SharingStores = Pick<MetadataStore, "shares" | "links" | "identity">;

/** What an account shares and is shared with it, a line each: folders with its role, members and open invitations of those that are its own, what it is invited to, and its links. Of a link's password there is only that it has one. */
export async function* describeShares(stores: SharingStores, accountId: AccountId): AsyncGenerator<object> {
  const { shares, links, identity } = stores;
  for (const folder of await shares.list(accountId)) {
    yield { kind: "shared_folder", ...folder };
    if (folder.role === "owner") yield* describeOthers(stores, folder);
  }
  for (const { createdAtMs, ...invitation } of await shares.invitationsFor(await inviteeKeysOf(identity, accountId)))
    yield { kind: "invited_to", ...invitation, created: formatTimestamp(createdAtMs) };
  for (const { passwordHash, createdAtMs, accountId: _, ...link } of await links.list(accountId))
    yield {
      ...link,
      kind: "link",
      shows: link.kind,
      hasPassword: passwordHash !== null,
      created: formatTimestamp(createdAtMs),
    };
}

async function* describeOthers({ shares }: SharingStores, { workspaceId }: SharedFolder): AsyncGenerator<object> {
  for (let after: string | undefined; ;) {
    const page = await shares.members({ workspaceId, after, limit: maxMembersPerPage });
    for (const { name, role, addedAtMs } of page.members)
      yield { kind: "member", workspaceId, name, role, added: formatTimestamp(addedAtMs) };
    if (page.next === null) break;
    after = page.next;
  }
  for (const { who, role, createdAtMs } of await shares.invitationsOf(workspaceId))
    yield { kind: "invitation", workspaceId, who, role, created: formatTimestamp(createdAtMs) };
}
