import { z } from "zod";
import { accountIdSchema, entryIdSchema, workspaceIdSchema } from "../ids/ids.ts";
import { entryNameSchema } from "../names/entry-name.ts";
import { timestampSchema } from "./values.ts";

/** What a member is in a shared folder; each may what the one before it may: see, change, manage. There is one owner, whose quota counts. */
export const shareRoleSchema = z.enum(["viewer", "editor", "owner"]);
export type ShareRole = z.infer<typeof shareRoleSchema>;
/** What somebody can be invited as. */
export const invitedRoleSchema = z.enum(["viewer", "editor"]);
export type InvitedRole = z.infer<typeof invitedRoleSchema>;

/** The most members and open invitations of one shared folder. */
export const maxShareMembers = 10_000;
/** The most shared folders that an account may have, those of its own and those of others together. */
export const maxSharesOfAccount = 1000;
export const maxMembersPerPage = 500;

/** A shared folder, as the caller sees it. */
export const shareSchema = z
  .object({
    workspace_id: workspaceIdSchema,
    /** What it was called when it was shared; each member may call it something else. */
    name: z.string(),
    role: shareRoleSchema,
    owner: z.string(),
    /** The entry of the caller's root folder that stands for it; null while it isn't mounted. */
    mount_id: entryIdSchema.nullable(),
    /** Where that is, such as `/docs/plans`. */
    mount_path: z.string().nullable(),
    members: z.number().int(),
  })
  .meta({ id: "Share" });
export type Share = z.infer<typeof shareSchema>;

/** An invitation that waits for the caller. */
export const receivedInvitationSchema = z
  .object({
    workspace_id: workspaceIdSchema,
    name: z.string(),
    role: invitedRoleSchema,
    invited_by: z.string(),
    created: timestampSchema,
  })
  .meta({ id: "ReceivedInvitation" });
export type ReceivedInvitation = z.infer<typeof receivedInvitationSchema>;

/** `GET /v1/shares` */
export const sharesResponseSchema = z
  .object({ shares: z.array(shareSchema), invitations: z.array(receivedInvitationSchema) })
  .meta({ id: "Shares" });
export type SharesResponse = z.infer<typeof sharesResponseSchema>;

/** `POST /v1/shares`: a folder of the caller's becomes a shared one. Asking again gives the same one. */
export const shareRequestSchema = z.object({ folder_id: entryIdSchema }).meta({ id: "ShareRequest" });

export const shareMemberSchema = z
  .object({ account_id: accountIdSchema, user: z.string(), role: shareRoleSchema, added: timestampSchema })
  .meta({ id: "ShareMember" });
export type ShareMember = z.infer<typeof shareMemberSchema>;

export const sentInvitationSchema = z
  .object({
    /** A user name or an e-mail address, as it was invited. */
    who: z.string(),
    role: invitedRoleSchema,
    created: timestampSchema,
  })
  .meta({ id: "SentInvitation" });
export type SentInvitation = z.infer<typeof sentInvitationSchema>;

/** `GET /v1/shares/{workspace_id}/members`: by account id, the owner first; invitations, which only the owner sees, on the first page. */
export const shareMembersResponseSchema = z
  .object({
    members: z.array(shareMemberSchema),
    invitations: z.array(sentInvitationSchema),
    cursor: z.string().nullable(),
  })
  .meta({ id: "ShareMembers" });
export type ShareMembers = z.infer<typeof shareMembersResponseSchema>;

/** `POST /v1/shares/{workspace_id}/invitations`, by user name or e-mail address; again with another role changes the role. */
export const invitationRequestSchema = z
  .object({ who: z.string().trim().min(1).max(254), role: invitedRoleSchema })
  .meta({ id: "InvitationRequest" });
/** `DELETE` of the same: takes an invitation back. */
export const invitationQuerySchema = z.object({ who: z.string().trim().min(1).max(254) });

/** `POST /v1/shares/{workspace_id}/accept`: also mounts a folder again that the member had put away. */
export const acceptRequestSchema = z
  .object({
    /** Left out: the account's root folder. */
    parent_folder_id: entryIdSchema.optional(),
    /** Left out: the folder's name, or the first free `NAME (2)`. */
    name: entryNameSchema.optional(),
  })
  .meta({ id: "AcceptRequest" });

/** `POST /v1/shares/{workspace_id}/members/{account_id}`: gives another role; `owner` hands the folder over, with its quota. */
export const memberRoleRequestSchema = z.object({ role: shareRoleSchema }).meta({ id: "MemberRoleRequest" });

export const doneResponseSchema = z.object({ success: z.literal(true) }).meta({ id: "Done" });
