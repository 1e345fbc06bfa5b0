import {
  adminAccountSchema,
  adminAccountsResponseSchema,
  adminJobsSchema,
  adminLinkSchema,
  adminServerSchema,
  quarantinePageSchema,
  auditResponseSchema,
  retryTasksResponseSchema,
  accountInvitationsResponseSchema,
  wayBodyResponseSchema,
  wayResponseSchema,
} from "@satchel/protocol";
import type {
  AccountId,
  AdminAccount,
  AdminAccountChange,
  AdminJobs,
  AdminLink,
  AdminServer,
  AccountInvitation,
  AllowQuarantinedRequest,
  QuarantinePage,
  Way,
} from "@satchel/protocol";
import { noRetry } from "../retry/retry.ts";
import type { CallOptions, Caller } from "./caller.ts";
import { callForJson, jsonBody, withQuery, type Parsed } from "./json-call.ts";

export type AdminAccountsPage = Parsed<typeof adminAccountsResponseSchema>;
export type AuditPage = Parsed<typeof auditResponseSchema>;

/** Which records of the audit log; of all where it is left out. */
export interface AuditFilter {
  readonly action?: string | undefined;
  readonly accountId?: string | undefined;
}

/** What administrators do; for {@link ApiClient.extend}. Others are told not_found. */
export interface AdminCalls {
  /** By name. */
  accounts(cursor: string | null, options?: CallOptions): Promise<AdminAccountsPage>;
  changeAccount(id: AccountId, change: AdminAccountChange, options?: CallOptions): Promise<AdminAccount>;
  /** A link by which its holder chooses a new password. */
  resetSignIn(id: AccountId, request: { removeFactors: boolean }, options?: CallOptions): Promise<AdminLink>;
  invitations(options?: CallOptions): Promise<readonly AccountInvitation[]>;
  invite(email: string | undefined, options?: CallOptions): Promise<AdminLink>;
  takeInvitationBack(id: string, options?: CallOptions): Promise<void>;
  server(options?: CallOptions): Promise<AdminServer>;
  /** What the server does without being asked. */
  jobs(options?: CallOptions): Promise<AdminJobs>;
  /** Tasks that were given up are tried again; answers how many. */
  retryTasks(options?: CallOptions): Promise<number>;
  /** Versions in which malware was found, the latest finding first. */
  quarantine(cursor: string | null, options?: CallOptions): Promise<QuarantinePage>;
  /** Lets a content out, for the whole workspace. */
  allowQuarantined(version: AllowQuarantinedRequest, options?: CallOptions): Promise<void>;
  audit(filter: AuditFilter & { cursor: string | null }, options?: CallOptions): Promise<AuditPage>;
  /** All of it, a JSON record to a line. */
  auditLines(filter: AuditFilter, options?: CallOptions): Promise<Uint8Array>;
  /** How a request of this client arrives at the server. */
  way(options?: CallOptions): Promise<Way>;
  /** Sends a body of this size once; answers how much of it arrived. @throws ProblemError body_too_large, OfflineError where something on the way refuses it */
  sendBody(sizeBytes: number, options?: CallOptions): Promise<number>;
}

export function createAdminCalls(caller: Caller, makeKey: () => string): AdminCalls {
  const get = (path: string, query: Record<string, string | undefined> = {}) =>
    ({ method: "GET", path: withQuery(path, query) }) as const;
  const once = (path: string, message: unknown) =>
    ({ method: "POST", path, ...jsonBody(message), repeatable: false }) as const;
  const accountPath = (id: string): string => `/v1/admin/accounts/${encodeURIComponent(id)}`;
  return {
    accounts: (cursor, options) =>
      callForJson(
        caller,
        get("/v1/admin/accounts", { cursor: cursor ?? undefined }),
        adminAccountsResponseSchema,
        options,
      ),
    changeAccount: (id, change, options) =>
      callForJson(
        caller,
        { method: "POST", path: accountPath(id), ...jsonBody(change), idempotencyKey: makeKey() },
        adminAccountSchema,
        options,
      ),
    resetSignIn: (id, { removeFactors }, options) =>
      callForJson(
        caller,
        once(`${accountPath(id)}/reset_sign_in`, { remove_factors: removeFactors }),
        adminLinkSchema,
        options,
      ),
    async invitations(options) {
      return (await callForJson(caller, get("/v1/admin/invitations"), accountInvitationsResponseSchema, options))
        .invitations;
    },
    invite: (email, options) =>
      callForJson(
        caller,
        once("/v1/admin/invitations", email === undefined ? {} : { email }),
        adminLinkSchema,
        options,
      ),
    async takeInvitationBack(id, options) {
      const path = `/v1/admin/invitations/${encodeURIComponent(id)}`;
      await caller({ method: "DELETE", path, idempotencyKey: makeKey() }, options);
    },
    ...jobCalls(caller, makeKey),
    ...quarantineCalls(caller, makeKey),
    server: (options) => callForJson(caller, get("/v1/admin/server"), adminServerSchema, options),
    audit: ({ cursor, action, accountId }, options) =>
      callForJson(
        caller,
        get("/v1/admin/audit", { cursor: cursor ?? undefined, action, account_id: accountId, limit: "100" }),
        auditResponseSchema,
        options,
      ),
    auditLines: ({ action, accountId }, options) =>
      caller(get("/v1/admin/audit/export", { action, account_id: accountId }), options),
    way: (options) => callForJson(caller, get("/v1/admin/way"), wayResponseSchema, options),
    async sendBody(sizeBytes, options) {
      const body = [new Uint8Array(sizeBytes)];
      const call = { method: "POST", path: "/v1/admin/way", contentType: "application/octet-stream", body } as const;
      return (await callForJson(caller, call, wayBodyResponseSchema, { retry: noRetry, ...options })).received_bytes;
    },
  };
}

function quarantineCalls(caller: Caller, makeKey: () => string): Pick<AdminCalls, "quarantine" | "allowQuarantined"> {
  const path = "/v1/admin/quarantine";
  return {
    quarantine: (cursor, options) =>
      callForJson(
        caller,
        { method: "GET", path: withQuery(path, { cursor: cursor ?? undefined }) },
        quarantinePageSchema,
        options,
      ),
    async allowQuarantined(version, options) {
      await caller({ method: "POST", path: `${path}/allow`, ...jsonBody(version), idempotencyKey: makeKey() }, options);
    },
  };
}

function jobCalls(caller: Caller, makeKey: () => string): Pick<AdminCalls, "jobs" | "retryTasks"> {
  const path = "/v1/admin/jobs";
  return {
    jobs: (options) => callForJson(caller, { method: "GET", path }, adminJobsSchema, options),
    async retryTasks(options) {
      const call = { method: "POST", path: `${path}/retry`, ...jsonBody({}), idempotencyKey: makeKey() } as const;
      return (await callForJson(caller, call, retryTasksResponseSchema, options)).count;
    },
  };
}
