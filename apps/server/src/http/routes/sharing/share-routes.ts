import {
  acceptRequestSchema,
  accountIdSchema,
  doneResponseSchema,
  invitationQuerySchema,
  invitationRequestSchema,
  maxMembersPerPage,
  memberRoleRequestSchema,
  shareMembersResponseSchema,
  shareRequestSchema,
  shareSchema,
  sharesResponseSchema,
  workspaceIdSchema,
} from "@satchel/protocol";
import { z } from "zod";
import { answers, loginRefusals } from "../../answers/answer-schemas.ts";
import type { RouteContext } from "../../create-app.ts";
import { callerOf, type App } from "../../route-context.ts";

const tags = ["sharing"];
const own = { access: "account", right: "account.manage", checksAnswers: true } as const;
const managing = { access: "account", right: "workspace.manage", checksAnswers: true } as const;
const params = z.object({ workspace_id: workspaceIdSchema });
const memberParams = params.extend({ account_id: accountIdSchema });
const done = { success: true } as const;

export function shareRoutes(app: App, context: RouteContext): void {
  ownShareRoutes(app, context);
  shareMemberRoutes(app, context);
  invitationRoutes(app, context);
}

/** What is about the caller's own account: what they have, share, accept and leave. */
function ownShareRoutes(app: App, { core: { sharing } }: RouteContext): void {
  app.get(
    "/v1/shares",
    {
      config: { access: "account", right: "account.read", checksAnswers: true },
      schema: {
        tags,
        summary: "The shared folders that the account has, and its invitations",
        response: answers(sharesResponseSchema, ...loginRefusals),
      },
    },
    (request) => sharing.list(callerOf(request)),
  );
  app.post(
    "/v1/shares",
    {
      config: managing,
      schema: {
        tags,
        summary: "Makes a folder a shared one, with all that is in it; moves no bytes",
        body: shareRequestSchema,
        response: answers(shareSchema, "not_found", "forbidden", "share_nested", "limit_exceeded", ...loginRefusals),
      },
    },
    (request) => sharing.create(callerOf(request), request.body.folder_id),
  );
  app.post(
    "/v1/shares/:workspace_id/accept",
    {
      config: own,
      schema: {
        tags,
        summary: "Accepts an invitation, and mounts the folder; mounts it again where it was put away",
        params,
        body: acceptRequestSchema,
        response: answers(shareSchema, "not_found", "name_taken", "limit_exceeded", ...loginRefusals),
      },
    },
    (request) => {
      const { parent_folder_id: parentId, name } = request.body;
      return sharing.accept(callerOf(request), request.params.workspace_id, { parentId, name });
    },
  );
  for (const [verb, summary] of [
    ["decline", "Declines an invitation"],
    ["leave", "Leaves a shared folder, which goes from all devices of the account"],
  ] as const)
    app.post(
      `/v1/shares/:workspace_id/${verb}`,
      {
        config: own,
        schema: {
          tags,
          summary,
          params,
          response: answers(doneResponseSchema, "not_found", "forbidden", ...loginRefusals),
        },
      },
      async (request) => {
        await sharing[verb](callerOf(request), request.params.workspace_id);
        return done;
      },
    );
}

/** What is about the members of one shared folder. */
function shareMemberRoutes(app: App, { core: { sharing } }: RouteContext): void {
  app.get(
    "/v1/shares/:workspace_id/members",
    {
      config: { access: "account", right: "files.read", checksAnswers: true },
      schema: {
        tags,
        summary: "Who has the folder, and, for its owner, who is invited",
        params,
        querystring: z.object({
          cursor: accountIdSchema.optional(),
          limit: z.coerce.number().int().min(1).max(maxMembersPerPage).optional(),
        }),
        response: answers(shareMembersResponseSchema, "not_found", ...loginRefusals),
      },
    },
    (request) => {
      const { cursor, limit } = request.query;
      return sharing.members(callerOf(request), request.params.workspace_id, { cursor, limit });
    },
  );
  memberChangeRoutes(app, sharing);
}

const refusals = ["not_found", "forbidden", ...loginRefusals] as const;

/** Who is asked. */
function invitationRoutes(app: App, { core: { sharing } }: RouteContext): void {
  app.post(
    "/v1/shares/:workspace_id/invitations",
    {
      config: managing,
      schema: {
        tags,
        summary: "Invites by user name or e-mail address",
        params,
        body: invitationRequestSchema,
        response: answers(doneResponseSchema, "limit_exceeded", ...refusals),
      },
    },
    async (request) => {
      await sharing.invite(callerOf(request), request.params.workspace_id, request.body);
      return done;
    },
  );
  app.delete(
    "/v1/shares/:workspace_id/invitations",
    {
      config: managing,
      schema: {
        tags,
        summary: "Takes an invitation back",
        params,
        querystring: invitationQuerySchema,
        response: answers(doneResponseSchema, ...refusals),
      },
    },
    async (request) => {
      await sharing.uninvite(callerOf(request), request.params.workspace_id, request.query.who);
      return done;
    },
  );
}

/** What becomes of a member. */
function memberChangeRoutes(app: App, sharing: RouteContext["core"]["sharing"]): void {
  app.post(
    "/v1/shares/:workspace_id/members/:account_id",
    {
      config: managing,
      schema: {
        tags,
        summary: "Gives a member another role; `owner` hands the folder over",
        params: memberParams,
        body: memberRoleRequestSchema,
        response: answers(doneResponseSchema, "quota_exceeded", ...refusals),
      },
    },
    async (request) => {
      const { workspace_id: workspaceId, account_id: accountId } = request.params;
      await sharing.setRole(callerOf(request), workspaceId, { accountId, role: request.body.role });
      return done;
    },
  );
  app.delete(
    "/v1/shares/:workspace_id/members/:account_id",
    {
      config: managing,
      schema: {
        tags,
        summary: "Removes a member, whose devices lose the folder; its connections and addresses end at once",
        params: memberParams,
        response: answers(doneResponseSchema, ...refusals),
      },
    },
    async (request) => {
      const { workspace_id: workspaceId, account_id: accountId } = request.params;
      await sharing.remove(callerOf(request), workspaceId, accountId);
      return done;
    },
  );
}
