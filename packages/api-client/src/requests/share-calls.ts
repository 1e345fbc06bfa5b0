import {
  doneResponseSchema,
  linksResponseSchema,
  newLinkSchema,
  shareMembersResponseSchema,
  shareSchema,
  sharesResponseSchema,
  type AccountId,
  type EntryId,
  type InvitedRole,
  type LinkKind,
  type NewShareLink,
  type Share,
  type ShareLink,
  type ShareMembers,
  type ShareRole,
  type SharesResponse,
  type WorkspaceId,
} from "@satchel/protocol";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody, withQuery } from "./json-call.ts";

/** Folders that several accounts have. Each change may be repeated. */
export interface ShareCalls {
  /** What the account has, and what it is invited to. */
  shares(options?: CallOptions): Promise<SharesResponse>;
  /** Makes a folder a shared one; gives the share that it is already. */
  createShare(folderId: EntryId, options?: CallOptions): Promise<Share>;
  shareMembers(
    query: { readonly workspaceId: WorkspaceId; readonly cursor: string | null },
    options?: CallOptions,
  ): Promise<ShareMembers>;
  inviteToShare(
    invitation: { readonly workspaceId: WorkspaceId; readonly who: string; readonly role: InvitedRole },
    options?: CallOptions,
  ): Promise<void>;
  uninviteFromShare(
    invitation: { readonly workspaceId: WorkspaceId; readonly who: string },
    options?: CallOptions,
  ): Promise<void>;
  acceptShare(
    place: {
      readonly workspaceId: WorkspaceId;
      readonly parentId?: EntryId | undefined;
      readonly name?: string | undefined;
    },
    options?: CallOptions,
  ): Promise<Share>;
  declineShare(workspaceId: WorkspaceId, options?: CallOptions): Promise<void>;
  leaveShare(workspaceId: WorkspaceId, options?: CallOptions): Promise<void>;
  setShareRole(
    member: { readonly workspaceId: WorkspaceId; readonly accountId: AccountId; readonly role: ShareRole },
    options?: CallOptions,
  ): Promise<void>;
  removeFromShare(
    member: { readonly workspaceId: WorkspaceId; readonly accountId: AccountId },
    options?: CallOptions,
  ): Promise<void>;
  /** An address that shows a file or folder to whoever has it; its secret is told this once. */
  createLink(wish: LinkWish, options?: CallOptions): Promise<NewShareLink>;
  links(options?: CallOptions): Promise<ShareLink[]>;
  revokeLink(linkId: string, options?: CallOptions): Promise<void>;
}

/** What a link is to be; left out is what it needn't be. */
export interface LinkWish {
  readonly entryId: EntryId;
  readonly kind?: LinkKind | undefined;
  readonly password?: string | undefined;
  /** RFC 3339. */
  readonly starts?: string | undefined;
  readonly expires?: string | undefined;
  readonly maxDownloads?: number | undefined;
}

export function createShareCalls(caller: Caller, makeKey: () => string): ShareCalls {
  const post = (path: string, message: object) =>
    ({ method: "POST", path, ...jsonBody(message), idempotencyKey: makeKey() }) as const;
  const remove = (path: string) => ({ method: "DELETE", path, idempotencyKey: makeKey() }) as const;
  const done = async (call: Parameters<Caller>[0], options: CallOptions | undefined): Promise<void> =>
    void (await callForJson(caller, call, doneResponseSchema, options));
  const memberPath = (workspaceId: WorkspaceId, accountId: AccountId) =>
    `/v1/shares/${workspaceId}/members/${encodeURIComponent(accountId)}`;
  return {
    shares: (options) => callForJson(caller, { method: "GET", path: "/v1/shares" }, sharesResponseSchema, options),
    createShare: (folderId, options) =>
      callForJson(caller, post("/v1/shares", { folder_id: folderId }), shareSchema, options),
    shareMembers: ({ workspaceId, cursor }, options) => {
      const path = withQuery(`/v1/shares/${workspaceId}/members`, { cursor: cursor ?? undefined });
      return callForJson(caller, { method: "GET", path }, shareMembersResponseSchema, options);
    },
    inviteToShare: ({ workspaceId, who, role }, options) =>
      done(post(`/v1/shares/${workspaceId}/invitations`, { who, role }), options),
    uninviteFromShare: ({ workspaceId, who }, options) =>
      done(remove(withQuery(`/v1/shares/${workspaceId}/invitations`, { who })), options),
    acceptShare: ({ workspaceId, parentId, name }, options) => {
      const place = {
        ...(parentId !== undefined && { parent_folder_id: parentId }),
        ...(name !== undefined && { name }),
      };
      return callForJson(caller, post(`/v1/shares/${workspaceId}/accept`, place), shareSchema, options);
    },
    declineShare: (workspaceId, options) => done(post(`/v1/shares/${workspaceId}/decline`, {}), options),
    leaveShare: (workspaceId, options) => done(post(`/v1/shares/${workspaceId}/leave`, {}), options),
    setShareRole: ({ workspaceId, accountId, role }, options) =>
      done(post(memberPath(workspaceId, accountId), { role }), options),
    removeFromShare: ({ workspaceId, accountId }, options) => done(remove(memberPath(workspaceId, accountId)), options),
    createLink: ({ entryId, maxDownloads, ...wish }, options) => {
      const message = { entry_id: entryId, ...wish, max_downloads: maxDownloads };
      return callForJson(caller, { ...post("/v1/links", message), repeatable: false }, newLinkSchema, options);
    },
    async links(options) {
      const { links } = await callForJson(caller, { method: "GET", path: "/v1/links" }, linksResponseSchema, options);
      return [...links];
    },
    revokeLink: (linkId, options) => done(remove(`/v1/links/${encodeURIComponent(linkId)}`), options),
  };
}
