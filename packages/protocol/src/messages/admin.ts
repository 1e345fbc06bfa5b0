import { z } from "zod";
import { accountIdSchema } from "../ids/ids.ts";
import { timestampSchema } from "./values.ts";

/** An account, as administrators see it. */
export const adminAccountSchema = z
  .object({
    account_id: accountIdSchema,
    user: z.string(),
    email: z.string(),
    email_confirmed: z.boolean(),
    is_admin: z.boolean(),
    disabled: z.boolean(),
    created: timestampSchema,
    used_bytes: z.number().int(),
    quota_bytes: z.number().int().nullable(),
    /** When it will be erased; null for never. */
    deletion_due: timestampSchema.nullable(),
  })
  .meta({ id: "AdminAccount" });
export type AdminAccount = z.infer<typeof adminAccountSchema>;

/** `GET /v1/admin/accounts`: by name; give `cursor` back for the next page. */
export const adminAccountsResponseSchema = z
  .object({ accounts: z.array(adminAccountSchema), cursor: z.string().nullable() })
  .meta({ id: "AdminAccounts" });

/** `POST /v1/admin/accounts/{account_id}`: what is left out stays as it is. */
export const adminAccountChangeSchema = z
  .object({
    disabled: z.boolean().optional(),
    /** Null for no limit. */
    quota_bytes: z.number().int().min(0).nullable().optional(),
  })
  .meta({ id: "AdminAccountChange" });
export type AdminAccountChange = z.infer<typeof adminAccountChangeSchema>;

/** `POST /v1/admin/accounts/{account_id}/reset_sign_in` */
export const resetSignInRequestSchema = z
  .object({
    /** Takes the authenticator app, the recovery codes and the passkeys away, too: for somebody who lost them. */
    remove_factors: z.boolean(),
  })
  .meta({ id: "ResetSignInRequest" });
/** A link by which its holder chooses a new password; good once, for an hour. */
export const adminLinkSchema = z.object({ link: z.string(), mailed: z.boolean() }).meta({ id: "AdminLink" });
export type AdminLink = z.infer<typeof adminLinkSchema>;

/** `POST /v1/admin/invitations`; the link makes one account, within 7 days. */
export const accountInvitationRequestSchema = z
  .object({ email: z.email().max(254).optional() })
  .meta({ id: "AccountInvitationRequest" });

/** The id of an invitation; not the secret in its link. */
export const accountInvitationIdSchema = z.string().min(1).max(128);

/** `GET /v1/admin/invitations`: those that were not used yet; `DELETE /v1/admin/invitations/{id}` takes one back. */
export const accountInvitationsResponseSchema = z
  .object({
    invitations: z.array(
      z.object({ invitation_id: accountInvitationIdSchema, email: z.string().nullable(), expires: timestampSchema }),
    ),
  })
  .meta({ id: "AccountInvitations" });
export type AccountInvitation = z.infer<typeof accountInvitationsResponseSchema>["invitations"][number];

/** A setting, and where its value comes from. Secrets are told to be there, never told. */
export const effectiveSettingSchema = z
  .object({
    name: z.string(),
    option: z.string().nullable(),
    origin: z.enum(["option", "environment", "default"]),
    /** Null where there is none, or where it is secret. */
    value: z.string().nullable(),
    secret: z.boolean(),
  })
  .meta({ id: "EffectiveSetting" });
export type EffectiveSetting = z.infer<typeof effectiveSettingSchema>;

/** `GET /v1/admin/server` */
export const adminServerSchema = z
  .object({
    accounts: z.number().int(),
    /** Of the chunk store, in bytes: what was brought, and what it takes on the disk. */
    plain_bytes: z.number().int(),
    stored_bytes: z.number().int(),
    occupied_bytes: z.number().int(),
    connections: z.number().int(),
    settings: z.array(effectiveSettingSchema),
  })
  .meta({ id: "AdminServer" });
export type AdminServer = z.infer<typeof adminServerSchema>;

/** `GET /v1/admin/way`: how this very request came, for finding out what a proxy in front does. */
export const wayResponseSchema = z
  .object({
    /** What the server was told of its address (`--public-url`). */
    public_url: z.string().nullable(),
    /** The address that the request was sent to, as it arrived here. */
    reached_as: z.string(),
    /** Whose request the server takes it for. */
    caller_address: z.string(),
    /** Somebody in front passed it on, and is not among `SATCHEL_TRUSTED_PROXIES`. */
    untrusted_proxy: z.boolean(),
  })
  .meta({ id: "Way" });
export type Way = z.infer<typeof wayResponseSchema>;

/** The longest body of `POST /v1/admin/way`, which is as long as devices send at most. */
export const maxWayBytes = 16 * 1024 * 1024;
/** `POST /v1/admin/way`: how much of a body got through. */
export const wayBodyResponseSchema = z.object({ received_bytes: z.number().int() }).meta({ id: "WayBody" });
