import type { OAuthService } from "../../features/oauth/oauth-service.ts";
import type { OutsideSignIn } from "../../features/identity/outside/outside-sign-in.ts";
import type { RouteContext } from "../create-app.ts";

/** What the routes for browsers are given. */
export interface PageContext extends RouteContext {
  readonly oauth: OAuthService;
  /** Sign-in with another OpenID provider, where that is set up. */
  readonly outside: OutsideSignIn | undefined;
}
