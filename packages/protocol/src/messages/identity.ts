import { z } from "zod";
import { accountIdSchema, deviceIdSchema, workspaceIdSchema } from "../ids/ids.ts";
import { deviceActivitySchema } from "./device-reports.ts";
import { timestampSchema } from "./values.ts";

const deviceNameSchema = z.string().trim().min(1).max(100);

/** 1 to 64 letters, digits, '.', '_', '-', '@' or '+', starting with a letter or digit; compared without case. */
export const userNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/);
/** 8 to 256 characters, no rule of composition (NIST SP 800-63B). */
export const passwordSchema = z.string().min(8).max(256);

/** `POST /v1/auth/login`. The password has no lower bound here: a wrong one is wrong, not malformed. */
export const loginRequestSchema = z
  .object({
    user: z.string().max(256),
    password: z.string().max(1024),
    /** A code of the authenticator app, or a recovery code; for an account that asks for a second factor. */
    otp: z.string().max(64).optional(),
    device_name: deviceNameSchema,
  })
  .meta({ id: "LoginRequest" });
/** `POST /v1/auth/join`: a device signs in with the one-time secret of a join code. */
export const joinRequestSchema = z
  .object({ secret: z.string().min(1).max(128), device_name: deviceNameSchema })
  .meta({ id: "JoinRequest" });
export const refreshRequestSchema = z
  .object({ refresh_token: z.string().min(1).max(256) })
  .meta({ id: "RefreshRequest" });

export const loginResponseSchema = z
  .object({
    access_token: z.string(),
    expires_in: z.number().int(),
    refresh_token: z.string(),
    account_id: accountIdSchema,
    user: z.string(),
    device_id: deviceIdSchema,
    workspace_id: workspaceIdSchema,
  })
  .meta({ id: "LoginResponse" });
export type LoginResponse = z.infer<typeof loginResponseSchema>;

/** `POST /v1/auth/join_codes` */
export const joinCodeResponseSchema = z
  .object({ secret: z.string(), expires: timestampSchema })
  .meta({ id: "JoinCodeResponse" });

/** `POST /v1/app_passwords`. Who has only a token can't make one: it takes the password again. */
export const appPasswordRequestSchema = z
  .object({
    name: deviceNameSchema,
    scopes: z.array(z.enum(["files.read", "files.write", "account.read"])).min(1),
    password: z.string().max(1024),
    otp: z.string().max(64).optional(),
  })
  .meta({ id: "AppPasswordRequest" });
/** The password is shown this once; `DELETE /v1/devices/{device_id}` revokes it. */
export const appPasswordResponseSchema = z
  .object({ device_id: deviceIdSchema, password: z.string() })
  .meta({ id: "AppPasswordResponse" });

/** `GET /v1/account` */
export const accountResponseSchema = z
  .object({
    account_id: accountIdSchema,
    user: z.string(),
    email: z.string(),
    /** May administer the server. */
    is_admin: z.boolean(),
    device_id: deviceIdSchema,
    workspace_id: workspaceIdSchema,
    used_bytes: z.number().int(),
    quota_bytes: z.number().int().nullable(),
  })
  .meta({ id: "Account" });

/** `POST /v1/account/deletion`: the password again, and a code where the account has a second factor. */
export const accountDeletionRequestSchema = z
  .object({ password: z.string().max(1024), otp: z.string().max(64).optional() })
  .meta({ id: "AccountDeletionRequest" });
/** When everything about the account will be erased; null for never. */
export const accountDeletionResponseSchema = z
  .object({ due: timestampSchema.nullable() })
  .meta({ id: "AccountDeletion" });

/** `GET /v1/usage`, all in bytes. What is used counts equal parts once, and is what the limit is about; what it is used for counts every file in full. */
export const usageResponseSchema = z
  .object({
    workspace_id: workspaceIdSchema,
    used_bytes: z.number().int(),
    quota_bytes: z.number().int().nullable(),
    free_bytes: z.number().int().nullable(),
    /** Brought, and not part of any version yet; given up after a day. */
    pending_bytes: z.number().int(),
    files_bytes: z.number().int(),
    versions_bytes: z.number().int(),
    trash_bytes: z.number().int(),
  })
  .meta({ id: "Usage" });
export type StorageUsage = z.infer<typeof usageResponseSchema>;

/** `GET /v1/devices`; `DELETE /v1/devices/{id}` revokes one. */
export const devicesResponseSchema = z
  .object({
    devices: z.array(
      z.object({
        device_id: deviceIdSchema,
        kind: z.enum(["device", "oauth", "app_password"]),
        name: z.string(),
        /** The program that it is, such as `satchel-web` for a browser with the web app; null for a device of Satchel's own. */
        client_id: z.string().nullable(),
        /** What it may do; null for everything. */
        scopes: z.array(z.string()).nullable(),
        created: timestampSchema,
        last_seen: timestampSchema.nullable(),
        current: z.boolean(),
        /** Listens for changes at this moment. */
        connected: z.boolean(),
        /** What it said last about what it does, as long as that is good; null where it said nothing. */
        activity: deviceActivitySchema.nullable(),
      }),
    ),
  })
  .meta({ id: "Devices" });
