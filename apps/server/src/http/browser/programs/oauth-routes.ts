import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { oauthRoutes as paths } from "../../../features/oauth/oauth-provider.ts";
import type { PageContext } from "../page-context.ts";
import type { App } from "../../route-context.ts";
import { visitOf } from "../visit.ts";

/** Hands what programs and browsers ask of the OAuth provider over to it, body and all. */
export function oauthRoutes(app: App, context: PageContext): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request: FastifyRequest, _payload: IncomingMessage, done) => done(null));
  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    const { baseUrl } = visitOf(request.raw, context.publicUrl);
    // The provider would take a code over by a script in a page; ours just fills it in.
    if (request.method === "GET") request.raw.url = request.raw.url?.replace(/([?&])user_code=/, "$1code=") ?? "/";
    await context.oauth.handle({ request: request.raw, response: reply.raw }, baseUrl);
  };
  const open = { config: { access: "page" }, schema: { hide: true } } as const;
  const { authorization, code_verification: device, ...others } = paths;
  app.get("/.well-known/openid-configuration", open, handle);
  for (const path of [authorization, `${authorization}/:uid`, device, `${device}/:uid`]) {
    app.get(path, open, handle);
    app.post(path, open, handle);
  }
  app.get(others.jwks, open, handle);
  for (const path of [others.token, others.revocation, others.device_authorization]) {
    app.post(path, open, handle);
    app.options(path, open, handle);
  }
}
