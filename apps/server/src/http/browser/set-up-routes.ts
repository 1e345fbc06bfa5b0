import type { FastifyRequest } from "fastify";
import { ProblemError } from "@satchel/protocol";
import { setUpView } from "../pages/views/set-up-view.ts";
import type { App } from "../route-context.ts";
import { isAtServer } from "./is-at-server.ts";
import type { PageContext } from "./page-context.ts";
import { formOf } from "./page-scope.ts";
import { signInHere } from "./signed-in.ts";
import { sendPage, visitOf } from "./visit.ts";

export const setUpPage = "/set-up";
/** Where the web app looks at the way to the server, and shows how a device is added. */
const welcomePage = "/welcome";
const page = { config: { access: "page" }, schema: { hide: true } } as const;
const attempt = { config: { access: "page", signsIn: true }, schema: { hide: true } } as const;

/** The set-up page, as long as there is no account. */
export function setUpRoutes(app: App, context: PageContext): void {
  const { people } = context.core;
  const readerOf = (request: FastifyRequest) => visitOf(request.raw, context.publicUrl).reader;
  const asksForCode = (request: FastifyRequest): boolean => !isAtServer(request.raw, context.publicUrl);
  app.get(setUpPage, page, async (request, reply) => {
    if (!(await people.firstRun.isOpen())) return reply.redirect("/sign-in", 303);
    const view = { name: "", email: "", asksForCode: asksForCode(request), problem: undefined };
    return sendPage(reply, setUpView(readerOf(request), view));
  });
  app.post(setUpPage, attempt, async (request, reply) => {
    const { name = "", email = "", password = "", code = "" } = formOf(request);
    const begun = await people.firstRun.begin(
      { name, email, password, code },
      { isAtServer: isAtServer(request.raw, context.publicUrl) },
    );
    if (!begun) return reply.redirect("/sign-in", 303);
    if ("problem" in begun) {
      const view = { name, email, asksForCode: asksForCode(request), problem: begun.problem };
      return sendPage(reply, setUpView(readerOf(request), view));
    }
    const account = await people.findAccount(begun.accountId);
    if (!account) throw new ProblemError("not_found");
    const next = context.webRoot === undefined ? undefined : welcomePage;
    return reply.redirect(await signInHere(context, { request, reply }, { account, methods: ["pwd"], next }), 303);
  });
}
